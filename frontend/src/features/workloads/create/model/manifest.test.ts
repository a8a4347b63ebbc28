import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { reconcile } from '@/ui/editor/yaml/reconcile';
import { beyond } from './beyond';
import { type Manifest, read, starter } from './manifest';

it.each([
  ['kind: Deployment\nspec: {a: [\n', { why: 'syntax', line: 3 }],
  ['kind: Deployment\n  name: x\n', { why: 'syntax' }],
  ['kind: Deployment\n---\nkind: Job\n', { why: 'several', lines: '1, 3' }],
  ['- kind: Deployment\n', { why: 'noObject' }],
  ['', { why: 'noObject' }],
  ['# nothing yet\n', { why: 'noObject' }],
  ['kind: Service\n', { why: 'kind', kind: 'Service' }],
  ['metadata: {}\n', { why: 'kind', kind: '' }],
  ['kind: Deployment\na: *nowhere\n', { why: 'aliases' }],
  [
    `kind: Job\na: &a [1, 1]\n${'b: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n'.repeat(20)}`,
    { why: 'aliases' },
  ],
])('%j says why the form cannot show it', (text, why) => {
  expect(read(text)).toMatchObject(why);
});

it('no text on the way to a manifest breaks the form', () => {
  const text = `${starter}# the end\n`;
  for (let length = 0; length < text.length; length++) {
    const found = read(text.slice(0, length));
    expect('why' in found || found.kind === 'Deployment').toBe(true);
    if (!('why' in found)) expect(() => beyond(found)).not.toThrow();
  }
});

it('counts what only the text has', () => {
  expect(beyond(read(starter) as Manifest)).toEqual([]);
  const text = starter
    .replace('spec:\n  replicas', 'spec:\n  strategy: {type: Recreate}\n  replicas')
    .replace(
      '          image: ""',
      [
        '          image: ""',
        '          resources: {limits: {cpu: 1, example.com/gpu: 1}}',
        '          env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]',
        '          readinessProbe: {grpc: {port: 1}, periodSeconds: 5}',
        '          ports: [{containerPort: 1, hostPort: 1}]',
        '          command: sh',
        '      initContainers: [{name: a}]',
      ].join('\n'),
    );
  expect(beyond(read(text) as Manifest)).toEqual([
    'spec.strategy',
    'spec.template.spec.containers[0].resources.limits.example.com/gpu',
    'spec.template.spec.containers[0].env[0].valueFrom.fieldRef',
    'spec.template.spec.containers[0].readinessProbe.grpc',
    'spec.template.spec.containers[0].ports[0].hostPort',
    'spec.template.spec.containers[0].command',
    'spec.template.spec.initContainers',
  ]);
});

const commented = `# head
kind: Job # kind
spec:
  # how often
  completions: 2
  list: # list
    - name: a # a
    - name: b # b
    - name: c # c
`;

it.each<[string, (value: ReturnType<typeof parse>) => void, string]>([
  ['nothing', () => {}, commented],
  [
    'a value',
    (value) => {
      value.spec.completions = 3;
    },
    commented.replace('completions: 2', 'completions: 3'),
  ],
  [
    'an item of a list is gone',
    (value) => {
      value.spec.list.shift();
    },
    commented.replace('    - name: a # a\n', ''),
  ],
  [
    'an item of a list has moved',
    (value) => {
      value.spec.list = [{ name: 'x' }, { name: 'c', more: [1] }];
    },
    commented.replace(/ {4}- name: a[\s\S]*/, '    - name: x\n    - name: c # c\n      more:\n        - 1\n'),
  ],
])('what JSON changed comes back into the YAML: %s', (_, change, expected) => {
  const value = parse(commented);
  change(value);
  const after = reconcile(commented, value);
  expect(parse(after)).toEqual(value);
  expect(after).toBe(expected);
});
