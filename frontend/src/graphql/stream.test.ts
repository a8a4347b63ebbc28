// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { latestOperations, operationsApi } from '@/features/operations/api';
import { signedIn } from '@/session/session-slice';
import { createStore } from '@/store';
import { FakeSocket } from '@/test/fake-socket';
import { api } from './api';
import { OverviewWorkloadChangedDocument } from './generated/graphql';
import { bindSocket, closeSocket, readIn } from './socket';
import { stream } from './stream';

const viewer = { id: 'u', username: 'ada', displayName: 'Ada' };
let store: ReturnType<typeof createStore>;
let stop = () => {};

function follow(failed = vi.fn()) {
  let after = '5';
  stop = stream({
    document: OverviewWorkloadChangedDocument,
    variables: () => ({ after }),
    next: ({ workloadChanged }) => {
      after = workloadChanged.position;
    },
    failed,
  });
}

async function subscribed(connection: number, times = 1) {
  return vi.waitFor(() => {
    const socket = FakeSocket.opened[connection];
    if (!socket || socket.subscriptions.length < times) throw new Error('not subscribed yet');
    return socket;
  });
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
  store = createStore();
  store.dispatch(signedIn({ accessToken: 'old', expiresAt: '2030-01-01T00:00:00Z', viewer }));
  bindSocket(store);
});

afterEach(() => {
  stop();
  closeSocket();
  vi.unstubAllGlobals();
});

it('after a lost connection it resumes from the last position', async () => {
  follow();
  const first = await subscribed(0);
  expect(first.subscriptions[0]?.variables).toEqual({ after: '5' });
  first.next({ workloadChanged: { position: '8' } });
  await vi.waitFor(() => expect(store.getState().connection.state).toBe('live'));
  first.close(1006);
  expect(store.getState().connection.state).toBe('reconnecting');
  const second = await subscribed(1);
  expect(second.subscriptions[0]?.variables).toEqual({ after: '8' });
  await vi.waitFor(() => expect(store.getState().connection.state).toBe('live'));
});

it('a refused stream is reported and requested again', async () => {
  const failed = vi.fn();
  follow(failed);
  const socket = await subscribed(0);
  socket.refuse('UNAVAILABLE');
  await subscribed(0, 2);
  expect(failed).toHaveBeenCalledWith({ code: 'UNAVAILABLE', message: 'UNAVAILABLE' });
});

it('a connection refused for its token is opened again with a new one', async () => {
  const renewed = { __typename: 'Session', accessToken: 'new', expiresAt: '2030-01-01T00:00:00Z', viewer };
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(JSON.stringify({ data: { refreshSession: renewed } }))),
  );
  const failed = vi.fn();
  follow(failed);
  (await subscribed(0)).close(4401, 'Unauthorized');
  await subscribed(1);
  expect(failed).not.toHaveBeenCalled();
  expect(store.getState().session.session?.accessToken).toBe('new');
});

it('another language opens a connection of its own, and what is on the screen is read again', async () => {
  const at = { data: { server: { projectedPosition: '1' } } };
  const operations = { data: { operations: { nodes: [], pageInfo: { hasNextPage: false } } } };
  const fetched = vi.fn(async (_url: string, { body }: { body: string }) => {
    return new Response(JSON.stringify(body.includes('query Operations') ? operations : at));
  });
  vi.stubGlobal('fetch', fetched);
  void store.dispatch(operationsApi.endpoints.operations.initiate(latestOperations));
  expect((await subscribed(0)).greeting).toMatchObject({ acceptLanguage: 'en' });
  await vi.waitFor(() => expect(store.getState().connection.state).toBe('live'));
  fetched.mockClear();
  readIn('zh-CN');
  expect((await subscribed(1)).greeting).toMatchObject({ acceptLanguage: 'zh-CN' });
  await vi.waitFor(() =>
    expect(fetched.mock.calls.some(([, { body }]) => body.includes('query Operations'))).toBe(true),
  );
  readIn('en');
  store.dispatch(api.util.resetApiState());
});

it('data beside an error is not used, and the stream is requested again', async () => {
  const failed = vi.fn();
  const next = vi.fn();
  stop = stream({ document: OverviewWorkloadChangedDocument, variables: () => ({}), next, failed });
  const socket = await subscribed(0);
  socket.fail({ workloadChanged: {} }, 'UNAVAILABLE');
  await subscribed(0, 2);
  expect(next).not.toHaveBeenCalled();
  expect(failed).toHaveBeenCalledWith({ code: 'UNAVAILABLE', message: 'UNAVAILABLE' });
  socket.next({ workloadChanged: { position: '9' } });
  await vi.waitFor(() => expect(next).toHaveBeenCalledOnce());
  expect(socket.subscriptions).toHaveLength(2);
});
