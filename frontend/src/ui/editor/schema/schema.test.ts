import { EditorState } from '@codemirror/state';
import { expect, it } from 'vitest';
import { type AssistSpec, complete, docsAt } from './assist';
import { check } from './check';
import { placeAt, typeAt } from './place';
import { resolve, type Schema, schemaAt } from './schema';

/** As a cluster publishes it: by reference, and with a circle. */
const root: Schema = {
  type: 'object',
  required: ['spec'],
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { allOf: [{ $ref: '#/definitions/Meta' }] },
    spec: { description: 'What is wanted.', allOf: [{ $ref: '#/definitions/Spec' }] },
  },
  definitions: {
    Meta: { type: 'object', properties: { name: { type: 'string' }, labels: textMap() } },
    Spec: {
      type: 'object',
      description: 'Of any Deployment.',
      required: ['selector'],
      properties: {
        replicas: { type: 'integer', format: 'int32', description: 'How many pods.' },
        paused: { type: 'boolean' },
        strategy: { type: 'string', enum: ['Recreate', 'RollingUpdate'] },
        maxSurge: { 'x-kubernetes-int-or-string': true },
        selector: { type: 'object', properties: { matchLabels: textMap() } },
        containers: { type: 'array', items: { $ref: '#/definitions/Container' } },
        nested: { $ref: '#/definitions/Spec' },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    Container: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string' },
        image: { type: 'string' },
        args: { type: 'array', items: { type: 'string' } },
      },
    },
    Loop: { $ref: '#/definitions/Loop' },
  },
};

function textMap(): Schema {
  return { type: 'object', additionalProperties: { type: 'string' } };
}

const HEAD = 'apiVersion: apps/v1\nkind: Deployment\n';
const spec: AssistSpec = {
  schemaOf: (apiVersion, kind) => (apiVersion === 'apps/v1' && kind === 'Deployment' ? root : null),
  masked: '<redacted>',
  faultWords: ({ code }) => code,
  docsWords: ({ type }) => type,
  onField: () => {},
};

/** The cursor is where the bar stands. */
function at(marked: string) {
  const pos = marked.indexOf('|');
  return { text: marked.replace('|', ''), pos };
}

function offered(marked: string, explicit = true) {
  const { text, pos } = at(HEAD + marked);
  const found = complete({ state: EditorState.create({ doc: text }), pos, explicit }, spec);
  return found?.options.map(({ label }) => label) ?? null;
}

const faults = (text: string) =>
  check(HEAD + text, spec.schemaOf, spec.masked).map(({ code, field, wanted }) =>
    [code, field, wanted].join(' ').trim(),
  );

it('references are followed, and those that lead in a circle end', () => {
  expect(schemaAt(root, ['spec', 'nested', 'nested', 'nested', 'replicas'])?.type).toBe('integer');
  expect(schemaAt(root, ['spec'])?.description).toBe('What is wanted.');
  expect(resolve({ $ref: '#/definitions/Loop' }, root)).toBeUndefined();
  expect(schemaAt(root, ['spec', 'free', 'any'])).toBeUndefined();
});

it.each([
  ['spec:\n  re|', ['spec'], 'key'],
  ['spec:\n  replicas: 1\n  |', ['spec'], 'key'],
  ['spec:\n  paused: t|', ['spec', 'paused'], 'value'],
  ['spec:\n  containers:\n    - name: a\n    - name: b\n      im|', ['spec', 'containers', 1], 'key'],
  ['spec:\n  containers:\n  - name: a\n  - |', ['spec', 'containers', 1], 'key'],
  ['spec:\n  containers:\n  - args:\n    - x\n    image: |', ['spec', 'containers', 0, 'image'], 'value'],
  ['spec:\n  nested:\n    paused: true\n  # word\n\n  st|', ['spec'], 'key'],
  ['metadata:\n  labels:\n    "a/b": c|', ['metadata', 'labels', 'a/b'], 'value'],
])('the place of %j', (marked, path, where) => {
  const { text, pos } = at(marked);
  expect(placeAt(text, pos)).toMatchObject({ path, at: where });
});

it.each([
  ['a comment', 'spec: # re|'],
  ['a text of several lines', 'data:\n  script: |-\n    for x|'.replace('|-', '>-')],
  ['brackets', 'spec: {re|'],
])('within %s nothing is offered', (_, marked) => {
  const { text, pos } = at(marked);
  expect(placeAt(text, pos)).toBeNull();
});

it('a document knows what it is, whatever stands in the others', () => {
  const text = 'kind: Service\napiVersion: v1\n---\napiVersion: apps/v1\nkind: "Deployment"\n---\na: 1\n';
  expect(typeAt(text, 5)).toEqual({ apiVersion: 'v1', kind: 'Service' });
  expect(typeAt(text, 50)).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment' });
  expect(typeAt(text, text.length)).toBeNull();
});

it('the fields of an object are offered, but those that are there', () => {
  expect(offered('spec:\n  paused: true\n  |\n  replicas: 1\n')).toEqual([
    'selector',
    'strategy',
    'maxSurge',
    'containers',
    'nested',
    'free',
  ]);
  expect(offered('spec:\n  containers:\n    - name: a\n      |')).toEqual(['image', 'args']);
  // Nobody who only moves the cursor is in the way of a list.
  expect(offered('spec:\n  |', false)).toBeNull();
});

it('values are offered where they are a closed list', () => {
  expect(offered('spec:\n  strategy: |')).toEqual(['Recreate', 'RollingUpdate']);
  expect(offered('spec:\n  paused: |')).toEqual(['true', 'false']);
  expect(offered('spec:\n  replicas: |')).toBeNull();
});

it('a key brings what stands behind it', () => {
  const { text, pos } = at(`${HEAD}spec:\n  |`);
  const found = complete({ state: EditorState.create({ doc: text }), pos, explicit: true }, spec);
  const applied = Object.fromEntries(found?.options.map(({ label, apply }) => [label, apply]) ?? []);
  expect(applied).toMatchObject({
    replicas: 'replicas: ',
    containers: 'containers:\n    - ',
    selector: 'selector:\n    ',
    maxSurge: 'maxSurge: ',
  });
});

it('a field is described wherever on its line the cursor is', () => {
  const { text, pos } = at(`${HEAD}spec:\n  repl|icas: 3\n`);
  expect(docsAt(text, pos, spec)).toEqual({
    field: 'spec.replicas',
    type: 'integer',
    isRequired: false,
    description: 'How many pods.',
    values: '',
  });
  expect(docsAt(text, 3, { ...spec, schemaOf: () => null })).toBeNull();
});

it('what a schema does not allow is found at its place', () => {
  expect(faults('spec:\n  selector: {}\n  replicas: two\n')).toEqual(['wrongType spec.replicas integer']);
  expect(faults('spec:\n  selector: {}\n  replcas: 2\n')).toEqual(['unknownField spec.replcas']);
  expect(faults('spec:\n  replicas: 2\n')).toEqual(['missing spec.selector']);
  expect(faults('spec: {selector: {}, strategy: Slow}\n')).toEqual([
    'notAllowed spec.strategy Recreate, RollingUpdate',
  ]);
  expect(faults('spec:\n  selector: {}\n  containers:\n    - image: 1\n')).toEqual([
    'wrongType spec.containers[0].image string',
    'missing spec.containers[0].name',
  ]);
  const text = `${HEAD}spec:\n  selector: {}\n  replcas: 2\n`;
  const [fault] = check(text, spec.schemaOf, spec.masked);
  expect(text.slice(fault?.from, fault?.to)).toBe('replcas');
});

it('what may be anything, is masked, or is of an unknown kind has no faults', () => {
  expect(
    faults('spec: {selector: {}, replicas: <redacted>, maxSurge: 25%, free: {a: 1}, paused: null}\n'),
  ).toEqual([]);
  expect(check('apiVersion: v1\nkind: Other\nspec: 1\n', spec.schemaOf, '')).toEqual([]);
  expect(faults('spec: [1\n')).toEqual([]);
});
