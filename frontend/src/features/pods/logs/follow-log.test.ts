// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { signedIn } from '@/session/session-slice';
import { createStore } from '@/store';
import { FakeSocket } from '@/test/fake-socket';
import { followLog } from './follow-log';

const viewer = { id: 'u', username: 'ada', displayName: 'Ada' };
/** A machine that compiles meanwhile is slow. */
const PATIENCE = { timeout: 10_000 };
let stop = () => {};

/** Times in nanoseconds of one second, as Kubernetes stamps them. */
const line = (nanos: number, text: string, restarted = false) => ({
  podLog: {
    time: `2026-01-01T00:00:00.${String(nanos).padStart(9, '0')}+00:00`,
    container: 'app',
    line: text,
    restarted,
  },
});

function follow() {
  const following = followLog({ pod: 'p', container: 'app', follow: true, tailLines: 1_000 });
  stop = following.stop;
  return following.buffer;
}

async function connection(number: number) {
  return vi.waitFor(() => {
    const socket = FakeSocket.opened[number];
    if (!socket?.subscriptions.length) throw new Error('not subscribed yet');
    return socket;
  }, PATIENCE);
}

async function send(socket: FakeSocket, ...lines: ReturnType<typeof line>[]) {
  for (const one of lines) socket.next(one);
  await Promise.resolve();
}

type Buffer = ReturnType<typeof follow>;
const shown = (buffer: Buffer) =>
  buffer.shown().map((entry) => ('mark' in entry ? `<${entry.mark}>` : entry.plain));

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
  const store = createStore();
  store.dispatch(signedIn({ accessToken: 'old', expiresAt: '2030-01-01T00:00:00Z', viewer }));
  bindSocket(store);
});

afterEach(() => {
  stop();
  closeSocket();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('resumes without a gap or a repetition, also where lines share a time', async () => {
  const buffer = follow();
  const first = await connection(0);
  await send(first, line(1, 'a'), line(2, 'b'), line(2, 'b'), line(2, 'c'));
  first.close(1006);
  const second = await connection(1);
  await send(
    second,
    line(1, 'a'),
    line(2, 'b'),
    line(2, 'b'),
    line(2, 'c'),
    line(2, 'b'),
    line(2, 'd'),
    line(3, 'e'),
  );
  await vi.waitFor(() => expect(shown(buffer)).toEqual(['a', 'b', 'b', 'c', 'b', 'd', 'e']), PATIENCE);
});

it('a line that was stamped before the last one but came later is shown', async () => {
  const buffer = follow();
  const first = await connection(0);
  await send(first, line(1, 'a'), line(9, 'c'));
  first.close(1006);
  await send(await connection(1), line(1, 'a'), line(9, 'c'), line(8, 'b'));
  await vi.waitFor(() => expect(shown(buffer)).toEqual(['a', 'c', 'b']), PATIENCE);
});

it.each([
  ['90 s behind', '2025-12-31T23:58:30Z'],
  ['5 s ahead', '2026-01-01T00:00:05Z'],
  ['years behind', '2020-01-01'],
])('a browser whose clock is %s asks by the times of the server', async (_, now) => {
  vi.useFakeTimers({ now: new Date(now), toFake: ['Date'] });
  const buffer = follow();
  const first = await connection(0);
  await send(first, line(700_000_001, 'a'), line(600_000_000, 'b'));
  await vi.waitFor(() => expect(shown(buffer)).toHaveLength(2), PATIENCE);
  first.close(1006);
  const second = await connection(1);
  expect(second.subscriptions[0]?.variables).toEqual({
    input: {
      pod: 'p',
      container: 'app',
      follow: true,
      tailLines: 1_000,
      sinceTime: '2025-12-31T23:59:59.700Z',
    },
  });
  await send(second, line(700_000_001, 'a'), line(600_000_000, 'b'), line(800_000_000, 'c'));
  await vi.waitFor(() => expect(shown(buffer)).toEqual(['a', 'b', 'c']), PATIENCE);
});

it('lines without a time are resumed from the last lines of the log', async () => {
  const buffer = follow();
  const first = await connection(0);
  const timeless = (text: string) => ({
    podLog: { ...line(0, text).podLog, time: null as unknown as string },
  });
  await send(first, timeless('a'));
  first.close(1006);
  const second = await connection(1);
  expect(second.subscriptions[0]?.variables).toMatchObject({ input: { tailLines: 10_000 } });
  await send(second, timeless('a'), timeless('b'));
  await vi.waitFor(() => expect(shown(buffer)).toEqual(['a', 'b']), PATIENCE);
});

it('marks each restart of the container once', async () => {
  const buffer = follow();
  const first = await connection(0);
  await send(first, line(1, 'a'), line(2, 'b', true));
  first.close(1006);
  await send(await connection(1), line(1, 'a'), line(2, 'b', true), line(3, 'c'), line(4, 'd', true));
  await vi.waitFor(
    () => expect(shown(buffer)).toEqual(['a', '<restart>', 'b', 'c', '<restart>', 'd']),
    PATIENCE,
  );
});

it('a restart between two connections that may have lost lines has both marks', async () => {
  const buffer = follow();
  const first = await connection(0);
  await send(first, line(1, 'a'));
  first.close(1006);
  await send(await connection(1), line(5, 'b', true), line(6, 'c'));
  await vi.waitFor(() => expect(shown(buffer)).toEqual(['a', '<gap>', '<restart>', 'b', 'c']), PATIENCE);
});

it('marks where the server no longer has the lines in between, once', async () => {
  const buffer = follow();
  const first = await connection(0);
  await send(first, line(1, 'a'));
  first.close(1006);
  await send(await connection(1), line(500, 'y'), line(501, 'z'));
  await vi.waitFor(() => expect(shown(buffer)).toEqual(['a', '<gap>', 'y', 'z']), PATIENCE);
});

it('lines that the buffer has dropped are not shown again', async () => {
  const buffer = follow();
  const first = await connection(0);
  const lines = Array.from({ length: 6_001 }, (_, number) => line(number, `${number}`));
  await send(first, ...lines);
  await vi.waitFor(() => expect(shown(buffer).at(-1)).toBe('6000'), PATIENCE);
  first.close(1006);
  await send(await connection(1), ...lines.slice(500), line(7_000, 'new'));
  await vi.waitFor(() => expect(shown(buffer).at(-1)).toBe('new'), PATIENCE);
  expect(shown(buffer)).toHaveLength(5_001);
  expect(new Set(shown(buffer)).size).toBe(5_001);
});
