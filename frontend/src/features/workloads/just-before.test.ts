import { expect, it } from 'vitest';
import type { JustBeforeQuery } from '@/graphql/generated/graphql';
import { cause } from '@/test/samples';
import { beginOf, latestBefore, spanBefore } from './just-before';

const span = spanBefore('2026-01-01T12:00:00Z');
type Revision = NonNullable<JustBeforeQuery['workload']>['revisions']['nodes'][number];
type Operation = JustBeforeQuery['operations']['nodes'][number];

const revision = (at: string, changes: Partial<Revision> = {}): Revision => ({
  position: at,
  recordedAt: `2026-01-01T${at}Z`,
  recordedAnew: false,
  managers: ['kubectl-edit'],
  operation: null,
  changes: [{ path: '/spec/replicas', before: 5, after: 1, important: true }],
  ...changes,
});
const operation = (at: string): Operation => ({
  id: 'o',
  kind: 'RestartWorkload',
  requestedAt: `2026-01-01T${at}Z`,
  reason: 'new key',
  actor: { displayName: 'Ada' },
});
const latest = (operations: Operation[], ...nodes: Revision[]) =>
  latestBefore({ operations: { nodes: operations }, workload: { revisions: { nodes } } }, span);

it('a cause begins when the cluster says, else when the first of it was observed', () => {
  const known = cause('why');
  const seen = ['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', null].map((at) => ({
    kind: 'EVENT' as const,
    message: { text: '', arguments: {} },
    at,
    objectId: null,
    container: null,
  }));
  expect(beginOf({ since: '2026-01-03T00:00:00Z', evidence: seen })).toBe('2026-01-03T00:00:00Z');
  expect(beginOf({ since: null, evidence: seen })).toBe('2026-01-01T00:00:00Z');
  expect(beginOf(known)).toBeNull();
});

it('the hint is the latest change in the 30 minutes before, by an operation or by others', () => {
  expect(latest([operation('11:50:00')], revision('11:40:00'))).toMatchObject({
    who: ['Ada'],
    reason: 'new key',
  });
  expect(latest([operation('11:40:00')], revision('11:50:00'))).toMatchObject({ who: ['kubectl-edit'] });
  expect(latest([], revision('12:00:05'))).toMatchObject({ who: ['kubectl-edit'] });
});

it.each([
  ['long before', '11:29:00'],
  ['after it began', '12:01:00'],
])('a change %s is no hint', (_, at) => {
  expect(latest([], revision(at))).toBeNull();
});

it('a change that was only recorded anew is no hint', () => {
  expect(latest([], revision('11:50:00', { recordedAnew: true, changes: [] }))).toBeNull();
});

it('small things that a controller writes do not hide what a person did', () => {
  const small = {
    managers: ['controller'],
    changes: [{ path: '/a', before: 1, after: 2, important: false }],
  };
  expect(latest([operation('11:50:00')], revision('11:51:00', small))).toMatchObject({ who: ['Ada'] });
  expect(latest([], revision('11:51:00', small), revision('11:50:00'))).toMatchObject({
    who: ['kubectl-edit'],
  });
  expect(latest([], revision('11:51:00', small))).toMatchObject({ who: ['controller'] });
});

it('a count that a controller keeps for itself is no hint', () => {
  const path = '/metadata/annotations/deployment.kubernetes.io~1revision';
  const noted = { changes: [{ path, before: '1', after: '2', important: false }] };
  expect(latest([], revision('11:51:00', noted))).toBeNull();
});

it('an operation brings the fields that it changed', () => {
  const own = { id: 'o', kind: 'RestartWorkload', actor: { displayName: 'Ada' } };
  const found = latest([operation('11:50:00')], revision('11:50:01', { operation: own }));
  expect(found?.changes).toHaveLength(1);
});
