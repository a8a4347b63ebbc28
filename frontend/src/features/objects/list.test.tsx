// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import '@/resource/resource-table'; // Loaded before a test waits for it.
import '@/resource/views/view-bar';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { answerByName, show } from '@/test/render';
import { kind, objectRow } from '@/test/samples';
import { ObjectList } from './list';

const { search } = vi.hoisted(() => ({ search: { now: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/objects',
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams(search.now),
}));
// jsdom has no layout, and without a width the table draws nothing.
vi.mock('@/ui/hooks/use-size', () => ({
  useSize: () => [{ current: null }, { width: 1_200, top: 0, viewportHeight: 800 }],
}));

const LEASE = 'Lease.coordination.k8s.io';
const claims = 'PersistentVolumeClaim';
const page = (nodes: object[], totalCount: number | null = nodes.length) => ({
  objects: { nodes, pageInfo: { hasNextPage: false, endCursor: null }, totalCount },
});
const cluster = { id: 'c', name: 'local', state: 'READY', unreadable: [] as object[] };
const served = [
  kind(claims, 'persistentvolumeclaims', { count: 2 }),
  kind(LEASE, 'leases', { recorded: false, count: null, problems: null }),
  kind('Node', 'nodes', { namespaced: false }),
];
const waits = { message: { text: 'No storage class is named fast' }, since: '2026-01-01T00:00:00Z' };

function open(at: string, nodes: object[], changed: object = {}) {
  search.now = at;
  const requests = answerByName({
    Clusters: { clusters: { nodes: [cluster] } },
    Kinds: { kinds: { nodes: served, pageInfo: { hasNextPage: false, endCursor: null } } },
    Position: { server: { projectedPosition: '1' } },
    PrintedColumns: { objects: { nodes: [{ kind: { columns: ['Status', 'Volume'] } }] } },
    Objects: page(nodes),
    ViewCounts: {},
    ...changed,
  });
  bindSocket(show(<ObjectList />).store);
  return (name: string) =>
    requests
      .filter(({ query }) => new RegExp(`(query|mutation) ${name}\\(`).test(query))
      .map(({ variables }) => variables);
}

const heads = () =>
  screen
    .getAllByRole('columnheader')
    .map(({ textContent }) => textContent)
    .filter(Boolean);

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
});

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it('the list of a kind has the columns of the server, and says why something is not ready', async () => {
  const asked = open(`kind=${claims}&ns=shop`, [
    objectRow(claims, 'data', { state: 'DEGRADED', rank: 2, cause: waits, columns: { Status: 'Pending' } }),
    objectRow(claims, 'logs', { columns: { Status: 'Bound', Volume: 'pv-1' } }),
  ]);
  const [first, second] = await screen.findAllByTestId('object-row');
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('PersistentVolumeClaims');
  await vi.waitFor(() => expect(heads()).toEqual(['Name', 'Namespace', 'State', 'Status', 'Volume', 'Age']));
  expect(first).toHaveTextContent(/data.*shop.*Degraded.*No storage class is named fast.*Pending/);
  expect(second).toHaveTextContent(/logs.*Ready.*Bound.*pv-1/);
  expect(within(second as HTMLElement).getByTestId('object-logs')).toHaveAttribute(
    'href',
    `/objects/${claims}~c~shop~logs`,
  );
  expect(asked('Objects')[0]).toMatchObject({
    filter: { kinds: [claims], namespaces: ['shop'] },
    orderBy: { field: 'STATE', direction: 'ASC' },
    first: 200,
  });
  expect(screen.queryByTestId('object-still')).toBeNull();
  const { violations } = await axe.run(document.body, {
    rules: { region: { enabled: false }, 'color-contrast': { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

it('the views of a kind count its objects', async () => {
  const asked = open(`kind=${claims}`, []);
  await vi.waitFor(() => expect(asked('ViewCounts')).not.toEqual([]));
  expect(Object.values(asked('ViewCounts')[0] ?? {})).toEqual(
    expect.arrayContaining([{ kinds: [claims] }, { kinds: [claims], states: ['FAILED', 'DEGRADED'] }]),
  );
});

it('a kind that is not recorded is read live, by name, and has no subscription', async () => {
  const asked = open(`kind=${LEASE}`, [], { Objects: page([objectRow(LEASE, 'a')], null) });
  await screen.findByTestId('object-row');
  expect(screen.getByTestId('object-still')).toHaveTextContent(/^Read live from the cluster/);
  expect(asked('Objects')[0]).toEqual({ filter: { kinds: [LEASE] }, first: 200, after: null });
  expect(screen.queryByTestId('object-total')).toBeNull();
  // Those of the tests before may still be there.
  const followed = FakeSocket.opened.flatMap(({ subscriptions }) => subscriptions);
  expect(followed.filter(({ variables }) => JSON.stringify(variables).includes(LEASE))).toEqual([]);
});

it('an empty list of a kind that may not be read names the missing rule', async () => {
  const unreadable = [{ kind: 'Node', message: 'nodes is forbidden: cannot list resource "nodes"' }];
  open('kind=Node', [], { Clusters: { clusters: { nodes: [{ ...cluster, unreadable }] } } });
  expect(await screen.findByTestId('empty')).toHaveTextContent(
    'Whether there are any is not known: Binnacle may not read Node. nodes is forbidden',
  );
});

it('a kind that the cluster does not serve is shown as far as it is recorded', async () => {
  open('kind=Widget.example.org', [objectRow('Widget.example.org', 'a')]);
  expect(await screen.findByText(/^The cluster does not serve Widget\.example\.org/)).toBeInTheDocument();
  expect(await screen.findByTestId('object-row')).toHaveTextContent('a');
});

it('the list of all kinds says the kind, and leads to the page that each has', async () => {
  const asked = open('q=web', [
    objectRow('Ingress.networking.k8s.io', 'web'),
    objectRow('Pod', 'web-1'),
    objectRow('Node', 'web-node', { id: 'Node~c~_~web-node', namespace: null }),
  ]);
  const [ingress, pod, node] = await screen.findAllByTestId('object-row');
  expect(heads()).toEqual(['Name', 'Kind', 'Namespace', 'State', 'Age']);
  expect(ingress).toHaveTextContent(/^web.*Ingress/);
  expect(within(pod as HTMLElement).getByTestId('object-web-1')).toHaveAttribute(
    'href',
    '/pods/Pod~c~shop~web-1',
  );
  expect(within(node as HTMLElement).getByTestId('object-web-node')).toHaveAttribute(
    'href',
    '/objects/Node~c~_~web-node',
  );
  expect(asked('Objects')[0]).toMatchObject({ filter: { search: 'web' } });
});

it('a person decides whether a kind is recorded', async () => {
  const recorded = { __typename: 'KindAccepted', position: '9', kind: { ...served[1], recorded: true } };
  const asked = open(`kind=${LEASE}&cluster=c`, [], { RecordKind: { recordKind: recorded } });
  const user = userEvent.setup();
  await user.click(await screen.findByTestId('choose-kind'));
  await user.type(await screen.findByTestId('command-reason'), 'its history');
  await user.click(screen.getByTestId('command-submit'));
  await vi.waitFor(() => expect(screen.getByTestId('choose-kind')).toHaveTextContent('Stop recording'));
  expect(asked('RecordKind')).toEqual([{ input: { cluster: 'c', kind: LEASE, reason: 'its history' } }]);
  expect(screen.queryByTestId('command-choose-kind')).toBeNull();
});
