import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { emptyFields, type Fields, readFields, writeFields } from './manifest';

const fields: Fields = {
  name: 'web',
  namespace: 'shop',
  image: 'busybox:1',
  replicas: '2',
  command: "sh -c 'echo hi; sleep 3600'",
  port: '8080',
  env: 'MODE=fast\nURL=http://x/?a=b',
};

it('writes a Deployment that selects its own pods', () => {
  const manifest = parse(writeFields(fields, ''));
  expect(manifest.kind).toBe('Deployment');
  expect(manifest.spec.selector.matchLabels).toEqual(manifest.spec.template.metadata.labels);
  expect(manifest.spec.template.spec.containers).toEqual([
    {
      name: 'web',
      image: 'busybox:1',
      command: ['sh', '-c', 'echo hi; sleep 3600'],
      ports: [{ containerPort: 8080 }],
      env: [
        { name: 'MODE', value: 'fast' },
        { name: 'URL', value: 'http://x/?a=b' },
      ],
    },
  ]);
});

it('reads back what it wrote', () => {
  expect(readFields(writeFields(fields, ''))).toEqual(fields);
});

it('reads back what is wrong as it was typed', () => {
  for (const replicas of ['-1', '1.5', '20000', 'many']) {
    expect(readFields(writeFields({ ...fields, replicas }, ''))?.replicas).toBe(replicas);
  }
});

it('leaves out what is empty', () => {
  const [container] = parse(writeFields({ ...emptyFields, name: 'a', image: 'b' }, '')).spec.template.spec
    .containers;
  expect(container).toEqual({ name: 'a', image: 'b' });
});

it('keeps comments and fields the form does not know', () => {
  const text = writeFields(fields, '')
    .replace('image: busybox:1', 'image: busybox:1 # pinned\n          imagePullPolicy: IfNotPresent')
    .replace(
      'env:',
      'env:\n            - name: SECRET\n              valueFrom: { secretKeyRef: { name: s, key: k } }',
    );
  const next = writeFields({ ...fields, replicas: '5', port: '' }, text);
  expect(next).toContain('# pinned');
  const manifest = parse(next);
  expect(manifest.spec.replicas).toBe(5);
  const [container] = manifest.spec.template.spec.containers;
  expect(container.imagePullPolicy).toBe('IfNotPresent');
  expect(container.ports).toBeUndefined();
  expect(container.env).toContainEqual({
    name: 'SECRET',
    valueFrom: { secretKeyRef: { name: 's', key: 'k' } },
  });
});

it('a new name takes the labels along', () => {
  const manifest = parse(writeFields({ ...fields, name: 'api' }, writeFields(fields, '')));
  expect(manifest.spec.selector.matchLabels).toEqual({ 'app.kubernetes.io/name': 'api' });
  expect(manifest.spec.template.spec.containers[0].name).toBe('api');
});

it('refuses to show what the form cannot hold', () => {
  expect(readFields('kind: Job')).toBeNull();
  expect(readFields('a: [')).toBeNull();
  expect(readFields('kind: Deployment\n---\nkind: Deployment')).toBeNull();
});
