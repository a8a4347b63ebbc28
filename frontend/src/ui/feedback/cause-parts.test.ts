import { expect, it } from 'vitest';
import { type CausePart, causeParts } from './cause-parts';

const shown = (parts: CausePart[]) =>
  parts.map(({ text, left }) => (left === 'mark' ? '…' : left ? '' : text)).join('');

const needs = 'ConfigMap absent does not exist. Pod billing-api-69f8f8bc4b-hc88c needs it';
const place = 'No node has enough cpu. Pod etl-worker-5db9984899-ql4mb waits: 0/2 nodes are available';

it.each([
  ['all of it fits', 200, 'billing-api', `${needs}: not found`, `${needs}: not found`],
  [
    'its pods go on as their workload begins',
    60,
    'billing-api',
    needs,
    'ConfigMap absent does not exist. Pod …hc88c needs it',
  ],
  ['whom it stops goes before a name', 34, 'billing-api', needs, 'ConfigMap absent does not exist'],
  ['the details go first', 52, 'etl-worker', place, 'No node has enough cpu'],
  [
    'a single word is no detail',
    40,
    'web',
    'It stays until these finalizers are taken off: foregroundDeletion',
    'It stays…off: foregroundDeletion',
  ],
  [
    'a short name stays',
    32,
    'web',
    'Container app of pod web-1 ended. It was not found',
    'Container app of pod web-1 ended',
  ],
  [
    'the name of another stays',
    40,
    'web',
    'Pod my-web-5db9984899-ql4mb is away: not found',
    'Pod my-web-5db9984899-ql4mb is away',
  ],
  [
    'both languages',
    40,
    'etl',
    '没有节点有足够的 cpu。Pod etl-5db9984899-ql4mb 在等待：0/2 nodes are available',
    '没有节点有足够的 cpu',
  ],
])('of a cause that does not fit, %s', (_, most, workload, text, expected) => {
  const parts = causeParts(text, most, workload);
  expect(shown(parts)).toBe(expected);
  expect(parts.map((part) => part.text).join('')).toBe(text);
});
