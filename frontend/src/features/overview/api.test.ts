// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { api } from '@/graphql/api';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { signedIn } from '@/session/session-slice';
import { createStore } from '@/store';
import { FakeSocket } from '@/test/fake-socket';
import { overviewApi } from './api';

const viewer = { id: 'u', username: 'ada', displayName: 'Ada' };
const { overview } = overviewApi.endpoints;
let store: ReturnType<typeof createStore>;
let stop = () => {};
/** The reads that are not answered yet. */
let asked: ((body: object) => void)[];

const at = (position: string) => ({ data: { overview: { position } } });
const entry = () => overview.select()(store.getState() as never);

async function answer(body: object) {
  await vi.waitFor(() => expect(asked).toHaveLength(1), { timeout: 5_000 });
  asked.shift()?.(body);
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
  asked = [];
  vi.stubGlobal(
    'fetch',
    () => new Promise((resolve) => asked.push((body) => resolve(new Response(JSON.stringify(body))))),
  );
  store = createStore();
  store.dispatch(signedIn({ accessToken: 'a', expiresAt: '2030-01-01T00:00:00Z', viewer }));
  bindSocket(store);
  stop = store.dispatch(overview.initiate()).unsubscribe;
});

afterEach(() => {
  stop();
  store.dispatch(api.util.resetApiState());
  closeSocket();
  vi.unstubAllGlobals();
});

it('it is read again after a change, one read at a time, and an older answer is dropped', async () => {
  await answer(at('5'));
  const socket = await vi.waitFor(() => {
    const [opened] = FakeSocket.opened;
    if (opened?.subscriptions.length !== 3) throw new Error('not subscribed yet');
    return opened;
  });
  const first = entry().fulfilledTimeStamp ?? 0;
  const poll = store.dispatch(overview.initiate(undefined, { forceRefetch: true, subscribe: false }));
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  socket.next({ workloadChanged: { position: '8' } }, socket.subscriptions[0]);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(asked).toHaveLength(1);
  await answer(at('6'));
  await poll;
  expect(entry().data?.position).toBe('6');
  await answer(at('4'));
  await vi.waitFor(() => expect(entry().fulfilledTimeStamp).toBeGreaterThan(first));
  await vi.waitFor(() => expect(entry().status).toBe('fulfilled'));
  expect(entry().data?.position).toBe('6');
  socket.next({ podChanged: { position: '9' } }, socket.subscriptions[1]);
  await answer({ errors: [{ message: 'no', extensions: { code: 'UNAVAILABLE' } }] });
  await vi.waitFor(() => expect(entry().error).toMatchObject({ code: 'UNAVAILABLE' }));
  expect(entry().data?.position).toBe('6');
}, 20_000);
