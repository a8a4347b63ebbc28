// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type WorkloadWindowArgs, workloadsApi } from '@/features/workloads/api';
import { signedIn } from '@/session/session-slice';
import { createStore } from '@/store';
import { FakeSocket } from '@/test/fake-socket';
import { workloadRow } from '@/test/samples';
import { api } from './api';
import type { WorkloadState } from './generated/graphql';
import { bindSocket, closeSocket } from './socket';

const viewer = { id: 'u', username: 'ada', displayName: 'Ada' };
const args: WorkloadWindowArgs = {
  filter: {},
  orderBy: { field: 'NAME', direction: 'ASC' },
  first: 1,
  after: null,
};
const { workloads } = workloadsApi.endpoints;
let store: ReturnType<typeof createStore>;
let stop = () => {};
/** The reads of the list that are not answered yet. */
let asked: ((answer: object) => void)[];

const web = (state: WorkloadState) => workloadRow({ name: 'web', state });
const listOf = (state: WorkloadState, totalCount: number) => ({
  workloads: { nodes: [web(state)], pageInfo: { hasNextPage: totalCount > 1, endCursor: '1' }, totalCount },
});
const shown = () => workloads.select(args)(store.getState() as never).data;
const read = () => store.dispatch(workloads.initiate(args, { forceRefetch: true, subscribe: false }));

async function answered(list: object) {
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked.shift()?.(list);
}

async function follow(list: object) {
  const { unsubscribe } = store.dispatch(workloads.initiate(args));
  stop = unsubscribe;
  await answered(list);
  return vi.waitFor(() => {
    const socket = FakeSocket.opened[0];
    if (!socket?.subscriptions.length) throw new Error('not subscribed yet');
    return socket;
  });
}

function change(position: string, state: WorkloadState, kind = 'CHANGED') {
  const workload = web(state);
  return { workloadChanged: { position, kind, workloadId: workload.id, workload } };
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
  asked = [];
  vi.stubGlobal('fetch', (_url: string, { body }: { body: string }) => {
    const answer = (data: object) => new Response(JSON.stringify({ data }));
    if (!body.includes('query Workloads'))
      return Promise.resolve(answer({ server: { projectedPosition: '5' } }));
    return new Promise((resolve) => asked.push((list) => resolve(answer(list))));
  });
  store = createStore();
  store.dispatch(signedIn({ accessToken: 'a', expiresAt: '2030-01-01T00:00:00Z', viewer }));
  bindSocket(store);
});

afterEach(() => {
  stop();
  store.dispatch(api.util.resetApiState());
  closeSocket();
  vi.unstubAllGlobals();
});

it('a change that came while the list was read again is not lost to an older answer', async () => {
  const socket = await follow(listOf('RUNNING', 1));
  const refetch = read();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  socket.next(change('8', 'FAILED'));
  await vi.waitFor(() => expect(shown()?.nodes[0]?.state).toBe('FAILED'));
  await answered(listOf('RUNNING', 1));
  await refetch;
  expect(shown()).toMatchObject({ position: '8', nodes: [{ state: 'FAILED' }], uncertain: false });
});

it('a total that may count a row twice is read again', async () => {
  const socket = await follow(listOf('RUNNING', 2));
  const refetch = read();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  const added = workloadRow({ name: 'zoo' });
  socket.next({ workloadChanged: { position: '8', kind: 'ADDED', workloadId: added.id, workload: added } });
  await vi.waitFor(() => expect(shown()?.totalCount).toBe(3));
  await answered(listOf('RUNNING', 3));
  await refetch;
  expect(shown()).toMatchObject({ totalCount: 4, uncertain: true });
  await vi.waitFor(() => expect(asked).toHaveLength(1), { timeout: 10_000 });
  await answered(listOf('RUNNING', 3));
  await vi.waitFor(() => expect(shown()).toMatchObject({ totalCount: 3, uncertain: false }));
}, 15_000);
