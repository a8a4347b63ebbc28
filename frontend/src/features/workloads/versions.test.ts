import { expect, it } from 'vitest';
import { container, podDetail } from '@/test/samples';
import { versionName, versionsOf } from './versions';

const pod = (name: string, hash: string, minute: number, changes = {}) =>
  podDetail({
    name,
    labels: { 'pod-template-hash': hash },
    createdAt: `2026-01-01T00:${minute}:00Z`,
    containers: [container({ name: 'app', image: `web:${hash}` }), container({ name: 'p', role: 'sidecar' })],
    ...changes,
  });
const names = (versions: ReturnType<typeof versionsOf>) => versions.map(({ hash }) => hash);

it('pods are counted by version, the new version first', () => {
  const pods = [pod('a', 'old', 10), pod('b', 'new', 20, { ready: false }), pod('c', 'old', 11)];
  const [now, before] = versionsOf(pods, null);
  expect(now).toMatchObject({ hash: 'new', ready: 0, images: ['web:new'], since: '2026-01-01T00:20:00Z' });
  expect(before).toMatchObject({ hash: 'old', ready: 2 });
  expect(before?.pods).toHaveLength(2);
});

it('the number of updated pods tells which version is new where pods were replaced', () => {
  const pods = [pod('a', 'old', 30), pod('b', 'new', 20), pod('c', 'new', 21)];
  expect(names(versionsOf(pods, 2))).toEqual(['new', 'old']);
  expect(names(versionsOf(pods, 9))).toEqual(['old', 'new']);
});

it.each([
  ['the only version', 0, 1, 3, 'one'],
  ['the only version of a kind that counts no updated pods', 0, 1, null, 'one'],
  ['the first of two', 0, 2, 1, 'now'],
  ['the second of two', 1, 2, 1, 'before'],
  ['the only version, while the update waits', 0, 1, 0, 'before'],
  ['the newest of two old ones, while the update waits', 0, 2, 0, 'before'],
] as const)('%s is called what it is', (_, at, all, updated, name) => {
  expect(versionName(at, all, updated)).toBe(name);
});

it('the pods of a StatefulSet have their version under another label', () => {
  expect(names(versionsOf([pod('a', '', 1, { labels: { 'controller-revision-hash': 'r2' } })], 1))).toEqual([
    'r2',
  ]);
});

it('pods that end, that have ended, or that no controller labelled are of no version', () => {
  const pods = [
    pod('a', 'old', 10, { phase: 'Terminating' }),
    pod('b', 'old', 10, { phase: 'Failed' }),
    pod('c', '', 10, { labels: {} }),
  ];
  expect(versionsOf(pods, 1)).toEqual([]);
});
