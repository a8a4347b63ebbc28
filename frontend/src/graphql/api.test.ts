// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { signedIn } from '@/session/session-slice';
import { createStore } from '@/store';
import { execute } from './api';
import { PositionDocument } from './generated/graphql';
import { askAgain } from './post';
import { readIn } from './socket';

const viewer = { id: 'u', username: 'ada', displayName: 'Ada' };
const position = { data: { server: { projectedPosition: '7' } } };
const unauthenticated = { errors: [{ message: 'expired', extensions: { code: 'UNAUTHENTICATED' } }] };

function answers(...bodies: (object | Error)[]) {
  const fetched = vi.fn(async (_url: string, _request: RequestInit) => {
    const body = bodies.shift();
    if (body instanceof Error) throw body;
    return new Response(JSON.stringify(body));
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

function signedInStore() {
  const store = createStore();
  store.dispatch(signedIn({ accessToken: 'old', expiresAt: '2030-01-01T00:00:00Z', viewer }));
  return store;
}

const headersOf = (request: RequestInit | undefined) =>
  (request?.headers as Record<string, string> | undefined) ?? {};
const tokenOf = (request: RequestInit | undefined) => headersOf(request).authorization;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('a request carries the access token', async () => {
  const fetched = answers(position);
  expect(await execute(PositionDocument, {}, signedInStore())).toEqual(position);
  expect(tokenOf(fetched.mock.calls[0]?.[1])).toBe('Bearer old');
});

it('a request says the language of the reader', async () => {
  const fetched = answers(position, position);
  await execute(PositionDocument, {}, signedInStore());
  readIn('zh-CN');
  await execute(PositionDocument, {}, signedInStore());
  readIn('en');
  const languages = fetched.mock.calls.map(([, request]) => headersOf(request)['accept-language']);
  expect(languages).toEqual(['en', 'zh-CN']);
});

it('an expired token is renewed and the request repeated', async () => {
  const renewed = { accessToken: 'new', expiresAt: '2030-01-01T00:00:00Z', viewer };
  const fetched = answers(
    unauthenticated,
    { data: { refreshSession: { __typename: 'Session', ...renewed } } },
    position,
  );
  const store = signedInStore();
  expect(await execute(PositionDocument, {}, store)).toEqual(position);
  expect(tokenOf(fetched.mock.calls[2]?.[1])).toBe('Bearer new');
  expect(store.getState().session.session?.accessToken).toBe('new');
});

it('a session that cannot be renewed is signed out', async () => {
  answers(unauthenticated, {
    data: { refreshSession: { __typename: 'LoginRefused', code: 'EXPIRED', message: '' } },
  });
  const store = signedInStore();
  const { error } = await execute(PositionDocument, {}, store);
  expect(error?.code).toBe('UNAUTHENTICATED');
  expect(store.getState().session.status).toBe('signed-out');
});

it('a lost answer is UNAVAILABLE and does not sign out', async () => {
  answers(new TypeError('network'));
  const store = signedInStore();
  expect((await execute(PositionDocument, {}, store)).error?.code).toBe('UNAVAILABLE');
  expect(store.getState().session.status).toBe('signed-in');
});

/** A server that answers nothing until it is let go, and what was asked of it. */
function silent() {
  const asked: { signal: AbortSignal; answer: () => void }[] = [];
  vi.stubGlobal('fetch', (_url: string, { signal }: { signal: AbortSignal }) => {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      asked.push({ signal, answer: () => resolve(new Response(JSON.stringify(position))) });
    });
  });
  return asked;
}

it('what is only read is asked again when the reader says so, and the broken way is given up', async () => {
  const asked = silent();
  const answer = execute(PositionDocument, {}, { ...signedInStore(), type: 'query' });
  askAgain();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  asked[1]?.answer();
  expect(await answer).toEqual(position);
});

it('what does something is not asked again, nor what nobody waits for any more', async () => {
  const asked = silent();
  const leaving = new AbortController();
  const done = execute(PositionDocument, {}, { ...signedInStore(), type: 'mutation' });
  const left = execute(PositionDocument, {}, { ...signedInStore(), type: 'query', signal: leaving.signal });
  leaving.abort();
  askAgain();
  expect((await left).error?.code).toBe('UNAVAILABLE');
  expect(asked).toHaveLength(2);
  asked[0]?.answer();
  expect(await done).toEqual(position);
});

it('a server that does not answer in time has not answered', async () => {
  vi.spyOn(AbortSignal, 'timeout').mockReturnValue(
    AbortSignal.abort(new DOMException('late', 'TimeoutError')),
  );
  vi.stubGlobal('fetch', async (_url: string, { signal }: { signal: AbortSignal }) =>
    signal.throwIfAborted(),
  );
  expect((await execute(PositionDocument, {}, signedInStore())).error?.code).toBe('NO_ANSWER');
});
