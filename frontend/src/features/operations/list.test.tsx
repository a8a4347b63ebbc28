// @vitest-environment jsdom

import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { signedIn } from '@/session/session-slice';
import { FakeSocket } from '@/test/fake-socket';
import { pointAt } from '@/test/pointer';
import { show } from '@/test/render';
import { operation } from '@/test/samples';
import { OperationList } from './list';
import { OperationPage } from './operation-page';

const { address } = vi.hoisted(() => ({ address: { path: '/operations', search: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => address.path,
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams(address.search),
}));

let requests: { query: string; variables: { filter?: object } }[];

function open(page: React.ReactNode, path: string, search = '') {
  address.path = path;
  address.search = search;
  history.replaceState(null, '', `${path}?${search}`);
  requests = [];
  const found = operation({ id: 'o', requestedPosition: '7' });
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    requests.push(JSON.parse(body));
    const data = body.includes('query Position')
      ? { server: { projectedPosition: '9' } }
      : { operations: { nodes: [found], pageInfo: { hasNextPage: false }, totalCount: 1 }, operation: found };
    return new Response(JSON.stringify({ data }));
  });
  const { store } = show(page);
  const viewer = { id: 'me', username: 'ada', displayName: 'Ada' };
  act(() => void store.dispatch(signedIn({ accessToken: 'a', expiresAt: '2030-01-01T00:00:00Z', viewer })));
  bindSocket(store);
}

const filter = () => requests.findLast(({ query }) => query.includes('query Operations'))?.variables.filter;

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
});

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it("one's own operations are one press away", async () => {
  open(<OperationList />, '/operations');
  await screen.findByTestId('operation-entry');
  await userEvent.click(screen.getByText('Mine'));
  expect(location.pathname + location.search).toBe('/operations?who=me');
});

it('the server is asked for them by their person, and for a time', async () => {
  open(<OperationList />, '/operations', 'who=me&since=2026-01-01T10:00');
  await screen.findByTestId('operation-entry');
  expect(filter()).toEqual({ actor: 'me', since: new Date(2026, 0, 1, 10).toISOString() });
});

it('a cluster narrows them', async () => {
  open(<OperationList />, '/operations', 'cluster=c');
  await screen.findByTestId('operation-entry');
  expect(filter()).toMatchObject({ cluster: 'c' });
});

it('while one points at the list, none moves under the hand', async () => {
  open(<OperationList />, '/operations');
  const entry = await screen.findByTestId('operation-entry');
  await vi.waitFor(() => expect(FakeSocket.opened.at(-1)?.subscriptions).not.toEqual([]));
  pointAt(entry);
  const operationChanged = { position: '12', operation: operation({ id: 'new', requestedPosition: '12' }) };
  // The store of the test before may still follow its list.
  for (const socket of FakeSocket.opened)
    for (const subscription of socket.subscriptions) socket.next({ operationChanged }, subscription);
  await userEvent.click(await screen.findByRole('button', { name: '1 change, show' }));
  expect(screen.getAllByTestId('operation-entry')).toHaveLength(2);
});

it('an operation has a page that can be sent to others', async () => {
  open(<OperationPage />, '/operations/o');
  expect(await screen.findByRole('heading', { level: 1, name: 'Scale web' })).toBeInTheDocument();
  expect(screen.getByTestId('operation-detail')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'All operations' })).toHaveAttribute('href', '/operations');
});
