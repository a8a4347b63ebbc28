// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import '@/features/history/recent'; // Loaded before a test waits for it.
import '@/features/operations/of-object';
import './overview';
import './related';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { answerByName, show } from '@/test/render';
import { cause, objectDetail, objectRow, operation } from '@/test/samples';
import { ObjectDetail } from './detail';

const { search, path, replace } = vi.hoisted(() => ({
  search: { now: '' },
  path: { now: '' },
  replace: vi.fn(),
}));
vi.mock('next/navigation', () => ({
  usePathname: () => path.now,
  useRouter: () => ({ replace }),
  useSearchParams: () => new URLSearchParams(search.now),
}));

const CLAIM = 'PersistentVolumeClaim';
const ID = `${CLAIM}~c~shop~data`;
const claim = objectDetail(CLAIM, 'data', {
  state: 'DEGRADED',
  columns: { Status: 'Pending', StorageClass: 'fast' },
  labels: { app: 'db' },
  cause: cause(
    'Storage class fast does not exist',
    [{ kind: 'EVENT', text: 'ProvisioningFailed', objectId: ID, reason: 'ProvisioningFailed' }],
    'STORAGE_CLASS_NOT_FOUND',
  ),
});

const waits = { message: { text: 'Waits' }, since: null };
const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
const related = {
  nodes: [
    { relation: 'MOUNTED_BY', object: { ...objectRow('StatefulSet', 'db'), state: 'PROGRESSING' } },
    { relation: 'OWNER', object: objectRow('Database.example.org', 'main') },
    { relation: 'MOUNTED_BY', object: objectRow('Pod', 'db-0', { cause: waits }) },
  ],
  totalCount: 3,
};

const missing = [{ relation: 'BINDS', objectId: 'StorageClass.storage.k8s.io~c~_~fast' }];

function open(changed: object = {}) {
  const requests = answerByName({
    Position: { server: { projectedPosition: '100' } },
    Clusters: { clusters: { nodes: [{ id: 'c', name: 'local', unreadable: [] }] } },
    Object: { object: claim },
    PrintedColumns: { objects: { nodes: [{ kind: { columns: ['Status', 'Volume', 'StorageClass'] } }] } },
    Related: { object: { related, missing } },
    LastReport: {
      auditEvents: {
        nodes: [{ payload: { report: { conditions: [{ type: 'Resizing', status: 'True' }] } } }],
      },
    },
    Events: { kubernetesEvents: none },
    Revisions: { object: { revisions: none } },
    Operations: { operations: none },
    ...changed,
  });
  bindSocket(show(<ObjectDetail />).store);
  return (name: string) => requests.filter(({ query }) => query.includes(`query ${name}(`));
}

beforeEach(() => {
  search.now = '';
  path.now = `/objects/${ID}`;
  replace.mockClear();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
});

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it('the page says the state, the cause with its places and the next step', async () => {
  open();
  expect(await screen.findByTestId('detail-state')).toHaveTextContent('Degraded');
  expect(screen.getByText('PersistentVolumeClaim · shop · local')).toBeInTheDocument();
  const block = screen.getByTestId('cause');
  expect(block).toHaveTextContent('Storage class fast does not exist');
  expect(within(block).getByRole('link', { name: /ProvisioningFailed/ })).toHaveAttribute(
    'href',
    `/objects/${ID}?tab=events&reason=ProvisioningFailed`,
  );
  expect(within(block).getByTestId('next-step')).toHaveTextContent('Next: Check how data is set up');
});

it('its overview has what the server prints, the owner, the labels and the conditions', async () => {
  open();
  const owner = await screen.findByTestId('detail-owner');
  expect(within(owner).getByRole('link', { name: 'Database main' })).toHaveAttribute(
    'href',
    '/objects/Database.example.org~c~shop~main',
  );
  const facts = owner.closest('dl') as HTMLElement;
  await vi.waitFor(() => expect(facts).toHaveTextContent(/StatusPending.*StorageClassfast/));
  expect(facts).not.toHaveTextContent('Volume');
  expect(facts).toHaveTextContent(/API versionv1.*app=db/);
  expect(await screen.findByTestId('conditions')).toHaveTextContent('ResizingTrue');
  const { violations } = await axe.run(document.body, {
    rules: { region: { enabled: false }, 'color-contrast': { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

it('what is related stands by relation, and leads to the page that each has', async () => {
  search.now = 'tab=related';
  open();
  const users = await screen.findByTestId('related-MOUNTED_BY');
  expect(users).toHaveTextContent(/^Used by.*StatefulSet db.*Progressing.*Pod db-0.*Ready.*Waits$/);
  expect(within(users).getByRole('link', { name: 'StatefulSet db' })).toHaveAttribute(
    'href',
    '/workloads/StatefulSet~c~shop~db',
  );
  expect(screen.queryByTestId('related-SELECTS')).toBeNull();
  // Text alone: what is not there has no page.
  const absent = screen.getByTestId('related-missing');
  expect(absent).toHaveTextContent('Named, and not thereBound toStorageClass fast');
  expect(within(absent).queryByRole('link')).toBeNull();
});

it('a change is shown, and what is deleted keeps its last state on the screen', async () => {
  open({ End: { auditEvents: { nodes: [{ recordedAt: '2026-01-02T00:00:00Z' }] } } });
  await screen.findByTestId('detail-state');
  const [socket, subscription] = await vi.waitFor(() => {
    const [opened] = FakeSocket.opened;
    const ofObject = opened?.subscriptions.find(({ variables }) => 'filter' in variables);
    if (!opened || !ofObject) throw new Error('not subscribed yet');
    return [opened, ofObject] as const;
  });
  expect(subscription.variables.filter).toEqual({
    cluster: 'c',
    kinds: [CLAIM],
    namespaces: ['shop'],
    search: 'data',
  });
  const bound = { ...claim, state: 'READY', cause: null };
  const change = { position: '150', kind: 'CHANGED', objectId: ID, object: bound };
  socket.next({ objectChanged: change }, subscription);
  expect(await screen.findByText('Ready')).toBeInTheDocument();
  const gone = { position: '151', kind: 'REMOVED', objectId: ID, object: null };
  socket.next({ objectChanged: gone }, subscription);
  expect(await screen.findByTestId('object-gone')).toHaveTextContent('Its last observed state is shown');
});

it('an object that is read live has no subscription, no versions, and can be read again', async () => {
  const lease = objectDetail('Lease.coordination.k8s.io', 'leader');
  path.now = `/objects/${lease.id}`;
  open({ Object: { object: { ...lease, kind: { ...lease.kind, recorded: false } } } });
  expect(await screen.findByTestId('object-still')).toHaveTextContent(/^Read live from the cluster/);
  expect(screen.queryByRole('tab', { name: 'Versions' })).toBeNull();
  const ofObject = FakeSocket.opened.flatMap(({ subscriptions }) =>
    subscriptions.filter(({ variables }) => 'filter' in variables),
  );
  expect(ofObject).toEqual([]);
});

it('operations have a tab where there are some', async () => {
  search.now = 'tab=operations';
  const done = operation({ id: 'o', state: 'SUCCEEDED' });
  open({
    Object: { object: { ...claim, operations: { totalCount: 1 } } },
    Operations: { operations: { ...none, nodes: [done] } },
  });
  expect(await screen.findByRole('tab', { name: 'Operations' })).toHaveAttribute('aria-selected', 'true');
  expect((await screen.findAllByTestId('operation-entry')).length).toBeGreaterThan(0);
});

it('one that does not exist says so, with the way to the list of its kind', async () => {
  open({ Object: { object: null }, End: { auditEvents: { nodes: [] } } });
  expect(await screen.findByTestId('object-missing')).toHaveTextContent('This object does not exist');
  expect(screen.getByRole('link', { name: 'All objects of this kind' })).toHaveAttribute(
    'href',
    `/objects?kind=${CLAIM}`,
  );
  expect(screen.queryByRole('tab')).toBeNull();
});

it.each([
  ['Pod~c~shop~web-1', '/pods/Pod~c~shop~web-1'],
  ['ReplicaSet~c~shop~web', '/workloads/ReplicaSet~c~shop~web'],
])('%s keeps its own page: %s', async (id, own) => {
  path.now = `/objects/${id}`;
  history.replaceState(null, '', '/?tab=events');
  const asked = open();
  await vi.waitFor(() => expect(replace.mock.calls).toEqual([[`${own}?tab=events`]]));
  expect(asked('Object')).toEqual([]);
  history.replaceState(null, '', '/');
});
