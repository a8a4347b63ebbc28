import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { manifests } from '@/test/manifests';
import { type Path, valueAt } from '@/ui/editor/yaml/nodes';
import { edit } from '@/ui/editor/yaml/source';
import * as edits from './edits';

const shared = `kind: Deployment
defaults: &small # shared
  requests: {cpu: 1, memory: 1Gi}
spec:
  template:
    spec:
      containers:
        - &first
          name: a
          image: &image busybox:1
          resources: *small
        - name: b
          image: *image
          resources: *small
        - <<: *first
          name: c
`;
const containers: Path = ['spec', 'template', 'spec', 'containers'];

it.each<[string, Path, string]>([
  ['through an alias', [...containers, 1, 'resources', 'requests', 'cpu'], '2'],
  ['of what aliases stand for', [...containers, 0, 'image'], 'busybox:2'],
  ['of a whole that is merged elsewhere', [...containers, 0, 'workingDir'], '/srv'],
  ['of what a merge brought', [...containers, 2, 'image'], 'busybox:3'],
  ['within what a merge brought', [...containers, 2, 'resources', 'requests', 'cpu'], '3'],
  ['of the shared part itself', ['defaults', 'requests', 'cpu'], '4'],
])('with anchors, an edit %s changes that place only', (_, path, text) => {
  const after = edit(shared, edits.setText(path, text));
  const expected = structuredClone(parse(shared, { merge: true }));
  const parent = valueAt(expected, path.slice(0, -1)) as Record<string, unknown>;
  const plain = JSON.parse(JSON.stringify(expected));
  (valueAt(plain, path.slice(0, -1)) as Record<string, unknown>)[String(path.at(-1))] = text;
  expect(parent).toBeDefined();
  expect(parse(after, { merge: true })).toEqual(plain);
  expect(after).toContain('# shared');
});

it('what a merge brought can be emptied', () => {
  const after = edit(shared, edits.setText([...containers, 2, 'image'], ''));
  expect(valueAt(parse(after, { merge: true }), [...containers, 2])).toEqual({
    name: 'c',
    resources: { requests: { cpu: 1, memory: '1Gi' } },
  });
});

it('empty documents around the object stay', () => {
  const text = `# first\n---\n${manifests.Job}---\n# nothing here\n`;
  const after = edit(text, edits.setNumber(['spec', 'completions'], '5'));
  expect(after).toBe(text.replace('completions: 2', 'completions: 5'));
});

it('lines may end as on Windows', () => {
  const text = manifests.Job.replaceAll('\n', '\r\n');
  const after = edit(text, edits.setNumber(['spec', 'completions'], '5'));
  expect(parse(after)).toEqual(parse(text.replace('completions: 2', 'completions: 5')));
});

it.each(['a: [', 'a: 1\n---\nb: 2\n', '- 1\n', '', '# only'])(
  'what cannot be read is not changed: %j',
  (text) => {
    expect(edit(text, edits.setNumber(['a'], '5'))).toBe(text);
  },
);
