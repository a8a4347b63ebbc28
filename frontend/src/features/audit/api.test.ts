// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { signedIn } from '@/session/session-slice';
import { createStore } from '@/store';
import { FakeSocket } from '@/test/fake-socket';
import { answer } from '@/test/render';
import { auditApi } from './api';

const viewer = { id: 'u', username: 'ada', displayName: 'Ada' };
const args = { filter: {}, first: 2 };
const event = (position: number) => ({ position: String(position), type: 'PodObserved' });
const at = (position: number) => ({ server: { projectedPosition: String(position) } });
const page = (...positions: number[]) => ({
  auditEvents: { nodes: positions.map(event), pageInfo: { hasNextPage: true, endCursor: 'c' } },
});

let store: ReturnType<typeof createStore>;
const shown = () =>
  auditApi.endpoints.auditEvents
    .select(args)(store.getState())
    .data?.nodes.map(({ position }) => position);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
  store = createStore();
  store.dispatch(signedIn({ accessToken: 'a', expiresAt: '2030-01-01T00:00:00Z', viewer }));
  bindSocket(store);
});

afterEach(() => {
  closeSocket();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('new events come first, and a list that has grown is read again', async () => {
  answer(at(11), page(11, 9), at(15), page(15, 14));
  const { unsubscribe } = store.dispatch(auditApi.endpoints.auditEvents.initiate(args));
  await vi.waitFor(() => expect(FakeSocket.opened[0]?.subscriptions).toHaveLength(1));
  const [socket] = FakeSocket.opened;
  expect(socket?.subscriptions[0]?.variables).toEqual({ filter: {}, after: '11' });

  for (const position of [11, 12, 13]) socket?.next({ auditEventRecorded: event(position) });
  await vi.advanceTimersByTimeAsync(100);
  expect(shown()).toEqual(['13', '12', '11', '9']);

  for (const position of [14, 15]) socket?.next({ auditEventRecorded: event(position) });
  await vi.advanceTimersByTimeAsync(100);
  expect(shown()).toHaveLength(6);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(shown()).toEqual(['15', '14']);
  unsubscribe();
});

it('a page that was left while its list is read again is not read any more', async () => {
  const requests = answer(at(11), page(11), at(14), page(14), at(14), page(14));
  const { unsubscribe } = store.dispatch(auditApi.endpoints.auditEvents.initiate(args));
  await vi.waitFor(() => expect(FakeSocket.opened[0]?.subscriptions).toHaveLength(1));
  for (const position of [12, 13, 14, 15])
    FakeSocket.opened[0]?.next({ auditEventRecorded: event(position) });
  await vi.advanceTimersByTimeAsync(100);
  const { fetch } = globalThis;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  vi.stubGlobal('fetch', async (...call: Parameters<typeof fetch>) => {
    await held;
    return fetch(...call);
  });
  await vi.advanceTimersByTimeAsync(2_000);
  unsubscribe();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(shown()).toBeUndefined();
  release();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(requests).toHaveLength(4);
});
