import { expect, it } from 'vitest';
import type { EventRowFragment, RevisionFieldsFragment } from '@/graphql/generated/graphql';
import { operation } from '@/test/samples';
import { happeningsOf, isByPerson } from './changes';

const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
const part = <Row>(nodes: Row[], hasNextPage = false) => ({ nodes, pageInfo: { hasNextPage } });
const requested = (id: string, minute: number) => operation({ id, requestedAt: at(minute) });
const revision = (
  position: string,
  minute: number,
  changes: Partial<RevisionFieldsFragment> = {},
): RevisionFieldsFragment => ({
  position,
  recordedAt: at(minute),
  recordedAnew: false,
  managers: ['helm'],
  operation: null,
  changes: [],
  ...changes,
});
const by = (id: string, displayName: string | null = 'Ada') => ({
  operation: { id, kind: 'ScaleWorkload', actor: displayName === null ? null : { displayName } },
});
const event = (id: string, minute: number, changes: Partial<EventRowFragment> = {}): EventRowFragment => ({
  id,
  type: 'Warning',
  reason: 'BackOff',
  message: '',
  count: 1,
  lastSeen: at(minute),
  source: null,
  objectId: 'Pod~c~shop~web-1',
  container: null,
  ...changes,
});
const keys = (parts: Parameters<typeof happeningsOf>[0]) => happeningsOf(parts).map(({ key }) => key);

it('all lists are one, the newest first', () => {
  const parts = {
    operations: part([requested('o', 20)]),
    revisions: part([revision('9', 30), revision('5', 10)]),
    events: part([event('e', 25)]),
  };
  expect(keys(parts)).toEqual(['9', 'e', 'o', '5']);
});

it('the change that an operation made is a part of it', () => {
  const operations = part([requested('o', 20)]);
  const found = happeningsOf({ operations, revisions: part([revision('9', 21, by('o'))]) });
  expect(found).toMatchObject([{ kind: 'operation', revision: { position: '9' } }]);
  expect(keys({ operations, revisions: part([revision('9', 21, by('older'))]) })).toEqual(['9', 'o']);
});

it('nothing is shown from before a time since when all changes are known', () => {
  const operations = part([requested('o', 20), requested('p', 15)], true);
  const revisions = part([revision('9', 30), revision('5', 10)]);
  expect(keys({ operations, revisions })).toEqual(['9', 'o', 'p']);
  const events = part([event('e', 25)], true);
  expect(keys({ operations: part([requested('p', 15)]), events })).toEqual(['e', 'p']);
});

it('events of one reason in a row are one entry with their sum', () => {
  const events = part([event('e', 25, { count: 3 }), event('f', 24, { count: 2 }), event('g', 5)]);
  const found = happeningsOf({ operations: part([requested('o', 20)]), events });
  expect(found.map((one) => (one.kind === 'event' ? one.count : one.key))).toEqual([5, 'o', 1]);
});

it('events of one reason are one entry whatever other events come between them', () => {
  const dns = (id: string, minute: number, pod: string) =>
    event(id, minute, { reason: 'MissingClusterDNS', objectId: `Pod~c~shop~${pod}` });
  const events = part([
    dns('a', 28, 'web-1'),
    event('b', 27),
    dns('c', 26, 'web-2'),
    event('d', 25, { objectId: 'ReplicaSet~c~shop~web' }),
    event('e', 24),
    dns('f', 10, 'web-1'),
  ]);
  const found = happeningsOf({ operations: part([requested('o', 20)]), events });
  expect(found.map((one) => [one.key, one.kind === 'event' && one.count])).toEqual([
    ['a', 2],
    ['b', 2],
    ['d', 1],
    ['o', false],
    ['f', 1],
  ]);
  expect(found[0]).toMatchObject({ at: at(28), objects: ['Pod~c~shop~web-1', 'Pod~c~shop~web-2'] });
});

it('an entry of several events says of which objects they are', () => {
  const events = part([event('e', 25), event('f', 24, { objectId: 'Pod~c~shop~web-2' }), event('g', 23)]);
  expect(happeningsOf({ events })).toMatchObject([
    { count: 3, objects: ['Pod~c~shop~web-1', 'Pod~c~shop~web-2'] },
  ]);
});

it('what every start of a pod reports is left out, what its controller does is not', () => {
  const events = part([
    event('e', 25, { type: 'Normal', reason: 'Pulled' }),
    event('f', 24, { type: 'Normal', reason: 'ScalingReplicaSet', objectId: 'Deployment~c~shop~web' }),
  ]);
  expect(keys({ events })).toEqual(['f']);
});

it('a count that a controller keeps for itself is left out, unless an operation made it', () => {
  const path = '/metadata/annotations/deployment.kubernetes.io~1revision';
  const noted = { changes: [{ path, before: '1', after: '2', important: false }] };
  const revisions = part([revision('9', 30, noted), revision('7', 20, { ...noted, ...by('o') })]);
  expect(keys({ revisions })).toEqual(['7']);
});

const changedBy = (name: string, isIt: boolean): [string, Partial<RevisionFieldsFragment>, boolean] => [
  name,
  { managers: [name] },
  isIt,
];

it.each<[string, Partial<RevisionFieldsFragment>, boolean]>([
  ['an operation of a person', by('o'), true],
  ['an operation of the system', by('o', null), false],
  ['kubectl', { managers: ['kubectl-client-side-apply'] }, true],
  ['a controller', { managers: ['argocd-controller'] }, false],
  ...['ci-pipeline', 'helm', 'bob', 'Mozilla', 'OpenLens'].map((name) => changedBy(name, true)),
  ...['kube-controller-manager', 'kubelet', 'kube-scheduler', 'horizontal-pod-autoscaler', 'k3s'].map(
    (name) => changedBy(name, false),
  ),
  ['a person and a controller', { managers: ['kube-controller-manager', 'bob'] }, true],
  ['nobody who is named', { managers: [] }, false],
])('a change by %s', (_, changes, isIt) => {
  expect(isByPerson(revision('1', 1, changes))).toBe(isIt);
});
