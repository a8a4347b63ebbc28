import { expect, it } from 'vitest';
import { set } from '@/ui/editor/yaml/nodes';
import { edit, type Json } from '@/ui/editor/yaml/source';
import { check } from './check';
import { setKind } from './edits';
import { containersPath, type Kind, kinds } from './kinds';
import { type Manifest, read, starter } from './manifest';

const filled = edit(starter, (document) => {
  set(document, ['metadata', 'name'], 'web');
  set(document, [...containersPath('Deployment'), 0, 'image'], 'busybox:1');
});

function of(kind: Kind, at: (string | number)[] = [], value: Json = null): string[] {
  const text = edit(edit(filled, setKind(kind)), (document) => {
    if (kind === 'CronJob') set(document, ['spec', 'schedule'], '0 3 * * *');
    const path = at[0] === 'container' ? [...containersPath(kind), 0, ...at.slice(1)] : at;
    if (path.length > 0) set(document, path, value);
  });
  return check(read(text) as Manifest).map(({ place, code }) => `${place.split('.').at(-1)} ${code}`);
}

it.each(kinds)('a %s that is filled in has no mistake', (kind) => expect(of(kind)).toEqual([]));

it('what the form begins with lacks a name and an image', () => {
  const found = check(read(starter) as Manifest);
  expect(found.map(({ place, code }) => `${place} ${code}`)).toEqual([
    'metadata.name required',
    'spec.template.spec.containers[0].image required',
  ]);
});

it('a name that is none gets one that could be meant', () => {
  const text = edit(filled, (document) => set(document, ['metadata', 'name'], 'My_App 2'));
  const [mistake] = check(read(text) as Manifest);
  expect(mistake).toMatchObject({ code: 'nameLike', values: { example: 'my-app-2' } });
});

it.each<[Kind, (string | number)[], Json, string | null]>([
  ['Deployment', ['metadata', 'name'], '___', 'name name'],
  ['Deployment', ['metadata', 'name'], 'a.b-2', null],
  ['CronJob', ['metadata', 'name'], 'a'.repeat(53), 'name tooLong'],
  ['Job', ['metadata', 'name'], 'a'.repeat(63), null],
  ['Job', ['metadata', 'name'], 'a'.repeat(64), 'name tooLong'],
  ['Deployment', ['metadata', 'namespace'], 'a.b', 'namespace label'],
  ['Deployment', ['apiVersion'], 'extensions/v1beta1', 'apiVersion apiVersion'],
  ['Deployment', ['spec', 'replicas'], -1, 'replicas number'],
  ['Deployment', ['spec', 'replicas'], 'many', 'replicas number'],
  ['Job', ['spec', 'completions'], 1.5, 'completions number'],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'backoffLimit'], 'x', 'backoffLimit number'],
  ['CronJob', ['spec', 'schedule'], '', 'schedule required'],
  ['CronJob', ['spec', 'schedule'], '* * * *', 'schedule schedule'],
  ['CronJob', ['spec', 'schedule'], 'TZ=UTC 0 3 * * *', 'schedule scheduleZone'],
  ['CronJob', ['spec', 'schedule'], '0 24 * * *', 'schedule scheduleField'],
  ['CronJob', ['spec', 'schedule'], '*/5 9-17 1,15 jan-mar MON-FRI', null],
  ['CronJob', ['spec', 'schedule'], '@daily', null],
  ['CronJob', ['spec', 'schedule'], '@sometimes', 'schedule schedule'],
  ['CronJob', ['spec', 'schedule'], '0 3 * * 7', 'schedule scheduleField'],
  ['CronJob', ['spec', 'timeZone'], 'Europe/Berlin', null],
  ['CronJob', ['spec', 'timeZone'], 'Mars/Base', 'timeZone timeZone'],
  ['CronJob', ['spec', 'concurrencyPolicy'], 'Never', 'concurrencyPolicy oneOf'],
  ['Job', ['spec', 'template', 'spec', 'restartPolicy'], 'Always', 'restartPolicy oneOf'],
  ['StatefulSet', ['spec', 'serviceName'], 'My', 'serviceName label'],
  ['Deployment', ['container', 'name'], 'a.b', 'name label'],
  ['Deployment', ['container', 'image'], 'Busybox', 'image image'],
  ['Deployment', ['container', 'image'], 'https://registry/web', 'image image'],
  ['Deployment', ['container', 'image'], 'Registry.example:5000/a/b_c:V1.2', null],
  ['Deployment', ['container', 'image'], `web@sha256:${'a'.repeat(64)}`, null],
  ['Deployment', ['container', 'ports'], [{ containerPort: 0 }], 'containerPort port'],
  [
    'Deployment',
    ['container', 'ports'],
    [{ containerPort: 80 }, { containerPort: 80 }],
    'containerPort twice',
  ],
  [
    'Deployment',
    ['container', 'ports'],
    [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }],
    null,
  ],
  [
    'Deployment',
    ['container', 'ports'],
    [{ containerPort: 80, name: 'much-too-long-name' }],
    'name portName',
  ],
  ['Deployment', ['container', 'resources'], { limits: { cpu: '1 core' } }, 'cpu quantity'],
  ['Deployment', ['container', 'resources'], { limits: { memory: '512m' } }, 'memory fraction'],
  [
    'Deployment',
    ['container', 'resources'],
    { requests: { memory: '1Gi' }, limits: { memory: '512Mi' } },
    'memory aboveLimit',
  ],
  ['Deployment', ['container', 'resources'], { requests: { cpu: '500m' }, limits: { cpu: 1 } }, null],
  ['Deployment', ['container', 'env'], [{ name: '' }], 'name required'],
  ['Deployment', ['container', 'env'], [{ name: 'A=B' }], 'name variable'],
  ['Deployment', ['container', 'env'], [{ name: 'A' }, { name: 'A' }], 'name twice'],
  [
    'Deployment',
    ['container', 'env'],
    [{ name: 'A', valueFrom: { secretKeyRef: { name: 'Secret', key: 'k' } } }],
    'name object',
  ],
  [
    'Deployment',
    ['container', 'env'],
    [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'c', key: 'a b' } } }],
    'key configKey',
  ],
  ['Deployment', ['container', 'livenessProbe'], { httpGet: { port: '', path: '/' } }, 'port required'],
  ['Deployment', ['container', 'livenessProbe'], { httpGet: { port: 80, path: 'x' } }, 'path probePath'],
  ['Deployment', ['container', 'livenessProbe'], { tcpSocket: { port: 70000 } }, 'port port'],
  ['Deployment', ['container', 'livenessProbe'], { tcpSocket: { port: 'http' } }, 'port unknownPort'],
  ['Deployment', ['container', 'livenessProbe'], { exec: { command: [] } }, 'command required'],
  ['Deployment', ['container', 'livenessProbe', 'periodSeconds'], 0, 'periodSeconds number'],
  ['Deployment', ['metadata', 'labels'], { 'a b': '' }, 'labels[0] labelKey'],
  ['Deployment', ['metadata', 'labels'], { a: 'x y' }, 'labels[0] labelValue'],
  ['Deployment', ['spec', 'template', 'metadata', 'labels'], { app: 'x' }, 'labels unmatched'],
  ['Deployment', ['spec', 'selector'], {}, 'labels noSelector'],
  ['Deployment', ['spec', 'template', 'spec', 'containers'], [], 'containers noContainer'],
])('%s, %j: %j is %s', (kind, at, value, mistake) => {
  const found = of(kind, at, value);
  if (mistake === null) expect(found).toEqual([]);
  else expect(found).toContain(mistake);
});

it('a label that is there twice is a mistake, and no end of the form', () => {
  const text = filled.replace('  labels:\n', '  labels:\n    a: one\n    a: two\n');
  const found = check(read(text) as Manifest);
  expect(found.map(({ place, code }) => `${place} ${code}`)).toEqual(['metadata.labels[1] twice']);
});
