import { expect, it } from 'vitest';
import { documentsOf, joined, kindIdOf, mayHoldSecret, notationOf } from './documents';

it('each document is found with its line and what it is', () => {
  const text =
    '# first\napiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\n---\n---\nkind: Job\n';
  const found = documentsOf(text);
  expect(found).toMatchObject([
    { line: 2, apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'a', isWhole: true },
    { line: 7, apiVersion: '', kind: 'Job', name: '' },
  ]);
  expect(found.map(({ from, to }) => text.slice(from, to)).join('')).toContain('name: a, namespace: shop');
  expect(documentsOf('\n# nothing\n')).toEqual([]);
  expect(documentsOf('a: [1\n')).toMatchObject([{ isWhole: false }]);
});

it('a kind is named as the server names it', () => {
  expect(kindIdOf('v1', 'Service')).toBe('Service');
  expect(kindIdOf('apps/v1', 'Deployment')).toBe('Deployment');
  expect(kindIdOf('networking.k8s.io/v1', 'Ingress')).toBe('Ingress.networking.k8s.io');
});

it.each([
  'kind: Secret\n',
  'apiVersion: v1\nkind:   "Secret"',
  '{"kind": "Secret", "data": {',
  'items:\n  - kind: Secret\n    a: [',
  'kind: !!str Secret',
])('%j may hold the values of a Secret', (text) => {
  expect(mayHoldSecret(text)).toBe(true);
});

it('other kinds hold none', () => {
  expect(mayHoldSecret('kind: SecretStore\n')).toBe(false);
  expect(mayHoldSecret('kind: ConfigMap\ndata: {a: Secret}\n')).toBe(false);
});

it('texts become documents of one', () => {
  expect(joined(['a: 1', ' \n', 'b: 2\n'])).toBe('a: 1\n---\nb: 2\n');
  expect(notationOf('\n {"a": 1}')).toBe('json');
  expect(notationOf('a: {}')).toBe('yaml');
});
