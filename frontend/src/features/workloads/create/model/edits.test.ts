import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { manifests } from '@/test/manifests';
import { valueAt } from '@/ui/editor/yaml/nodes';
import { edit } from '@/ui/editor/yaml/source';
import * as edits from './edits';
import { containersPath, type Kind, kinds, podLabelsPath, SELECTOR, templatePath } from './kinds';
import { read, starter, textAt } from './manifest';

/** The lines of the one text that are not in the other. */
function changed(before: string, after: string): [string[], string[]] {
  const [from, to] = [before.split('\n'), after.split('\n')];
  const without = (lines: string[], others: string[]) => {
    const left = [...others];
    return lines.filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  return [without(from, to), without(to, from)];
}

const comments = (text: string) => text.match(/#[^\n]*$/gm)?.sort() ?? [];

describe.each(kinds)('%s', (kind) => {
  const text = manifests[kind];
  const image = [...containersPath(kind), 0, 'image'];

  it('is read', () => {
    const manifest = read(text);
    expect(manifest).toMatchObject({ kind });
    expect(textAt(manifest as never, image)).toBe(`${parse(text).metadata.name}:1`);
  });

  it('an edit of one field changes one line', () => {
    const after = edit(text, edits.setRequired(image, 'other:2'));
    const [gone, come] = changed(text, after);
    expect([gone.length, come.length]).toEqual([1, 1]);
    expect(come[0]).toContain('other:2');
    expect(comments(after)).toEqual(comments(text));
  });

  it('what is typed and taken back leaves the value as it was', () => {
    const path = [...containersPath(kind), 0, 'workingDir'];
    const typed = edit(text, edits.setText(path, '/srv'));
    expect(valueAt(parse(typed), path)).toBe('/srv');
    const [gone] = changed(text, typed);
    expect(gone.length).toBeLessThanOrEqual(1);
    expect(parse(edit(typed, edits.setText(path, '')))).toEqual(parse(text));
  });

  it.each(kinds)('becomes a %s with the same pods and no comment less', (to) => {
    const after = edit(text, edits.setKind(to));
    const value = parse(after);
    expect(value.kind).toBe(to);
    const pods = (one: Kind, of: unknown) => valueAt(of, [...templatePath(one), 'spec', 'containers']);
    expect(pods(to, value)).toEqual(pods(kind, parse(text)));
    expect(comments(after)).toEqual(comments(text));
    if (to !== 'Job' && to !== 'CronJob') {
      expect(valueAt(value, SELECTOR)).toEqual(valueAt(value, podLabelsPath(to)));
    }
  });
});

it.each<[string, edits.Change, string[], string[]]>([
  [
    'a number',
    edits.setNumber(['spec', 'replicas'], '5'),
    ['  replicas:   3 # peak'],
    ['  replicas: 5 # peak'],
  ],
  [
    'a word in the place of a number',
    edits.setNumber(['spec', 'replicas'], 'many'),
    ['  replicas:   3 # peak'],
    ['  replicas: many # peak'],
  ],
  ['a field that was not there', edits.setNumber(['spec', 'paused'], '1'), [], ['  paused: 1']],
  [
    'a value with a comment is emptied',
    edits.setText(['spec', 'template', 'spec', 'containers', 0, 'resources', 'limits', 'cpu'], ''),
    ['            cpu: 500m # measured in May'],
    ['            # measured in May'],
  ],
  [
    'a word of a list',
    edits.setWords(['spec', 'template', 'spec', 'containers', 0, 'args'], ['--flag', 'y']),
    ['        args: [ "--flag", \'x y\' ]   # odd spaces'],
    ['        args: ["--flag", \'y\'] # odd spaces'],
  ],
  [
    'a variable, quoted where kubectl would read a boolean',
    edits.setRequired(['spec', 'template', 'spec', 'containers', 1, 'env', 0, 'value'], 'on'),
    [],
    ['        env:', '        - value: "on"'],
  ],
  [
    'a probe',
    edits.setHandler(['spec', 'template', 'spec', 'containers', 1, 'livenessProbe'], 'tcpSocket'),
    [],
    ['        livenessProbe:', '          tcpSocket:', '            port: ""'],
  ],
  [
    'a name: the container and no label of its own',
    edits.setName('Deployment', 'api.v2'),
    ['metadata: {name: web, namespace: shop, labels: {app: web}}   # short', '      - name: web'],
    ['metadata: {name: api.v2, namespace: shop, labels: {app: web}} # short', '      - name: api-v2'],
  ],
  [
    'a label of the pods: the selector follows',
    edits.setPodLabel('Deployment', 0, { value: 'api' }),
    ['    matchLabels: {app: web}', '      labels: {app: web}'],
    ['    matchLabels: {app: api}', '      labels: {app: api}'],
  ],
  ['nothing', edits.setNumber(['spec', 'replicas'], '3'), [], []],
])('%s', (_, change, gone, come) => {
  const text = manifests.Deployment;
  const after = edit(text, change);
  expect(changed(text, after)).toEqual([gone, come]);
  if (gone.length === 0 && come.length === 0) expect(after).toBe(text);
});

it('labels that carry the name follow it', () => {
  const named = edit(starter, edits.setName('Deployment', 'web'));
  const value = parse(edit(named, edits.setName('Deployment', 'api')));
  expect(value.spec.selector.matchLabels).toEqual({ 'app.kubernetes.io/name': 'api' });
  expect(value.spec.template.metadata.labels).toEqual(value.spec.selector.matchLabels);
  expect(value.spec.template.spec.containers[0].name).toBe('api');
});

it('a probe keeps its times when it asks in another way', () => {
  const probe = [...containersPath('Deployment'), 0, 'readinessProbe'];
  let text = edit(manifests.Deployment, edits.setHandler(probe, 'httpGet'));
  text = edit(text, edits.setNumber([...probe, 'periodSeconds'], '5'));
  text = edit(text, edits.setHandler(probe, 'exec'));
  expect(valueAt(parse(text), probe)).toEqual({ periodSeconds: 5, exec: { command: [] } });
  expect(parse(edit(text, edits.setHandler(probe, null)))).toEqual(parse(manifests.Deployment));
});

it('a required field that is emptied stays, so that the form does not fold under the hand', () => {
  const probe = [...containersPath('Deployment'), 0, 'readinessProbe'];
  let text = edit(manifests.Deployment, edits.setHandler(probe, 'tcpSocket'));
  text = edit(text, edits.setPort([...probe, 'tcpSocket', 'port'], ''));
  expect(valueAt(parse(text), [...probe, 'tcpSocket'])).toEqual({ port: '' });
  text = edit(text, edits.setHandler(probe, 'exec'));
  text = edit(text, edits.setRequiredWords([...probe, 'exec', 'command'], ['true']));
  text = edit(text, edits.setRequiredWords([...probe, 'exec', 'command'], []));
  expect(valueAt(parse(text), [...probe, 'exec'])).toEqual({ command: [] });
});

it('a variable takes its value from elsewhere', () => {
  const variable = [...containersPath('Deployment'), 0, 'env', 0];
  let text = edit(manifests.Deployment, edits.setRequired([...variable, 'name'], 'A'));
  text = edit(text, edits.setEnvSource(variable, 'secretKeyRef'));
  expect(valueAt(parse(text), variable)).toEqual({
    name: 'A',
    valueFrom: { secretKeyRef: { name: '', key: '' } },
  });
  text = edit(text, edits.setEnvSource(variable, 'value'));
  expect(valueAt(parse(text), variable)).toEqual({ name: 'A', value: '' });
});

it('a container gets a name that is free', () => {
  const twice = edit(edit(starter, edits.addContainer('Deployment')), edits.addContainer('Deployment'));
  const names = parse(twice).spec.template.spec.containers.map(({ name }: { name: string }) => name);
  expect(names).toEqual(['main', 'container-2', 'container-3']);
});
