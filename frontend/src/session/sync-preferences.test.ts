// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from '@/store';
import { signedInAs } from '@/test/samples';
import { preferred, troubled } from '@/ui/preferences/preferences-slice';
import { followPerson } from './follow-person';
import { signedOut } from './session-slice';
import { syncPreferences } from './sync-preferences';

/** What the server has, what became of each request, and what it answers instead while it is in trouble. */
let kept: Record<string, unknown>;
let requests: unknown[];
let instead: (() => Promise<Response>) | null;

const answer = (data: object) => new Response(JSON.stringify({ data }));
const refusal = (code: string) => async () =>
  new Response(JSON.stringify({ errors: [{ message: 'too large', extensions: { code } }] }));

beforeEach(() => {
  vi.useFakeTimers();
  kept = {};
  requests = [];
  instead = null;
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    const { input } = JSON.parse(body).variables;
    requests.push(input ? [input.key, input.value] : 'read');
    // Sending without end would not end the test either.
    if (requests.length > 20) throw new Error('too many requests');
    if (instead) return instead();
    if (!input) return answer({ preferences: Object.entries(kept).map(([key, value]) => ({ key, value })) });
    kept[input.key] = input.value;
    return answer({ setPreference: { key: input.key } });
  });
});
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(10);
function start() {
  const store = createStore();
  followPerson(store);
  syncPreferences(store);
  return { store, now: () => store.getState().preferences };
}

async function signIn() {
  const page = start();
  page.store.dispatch(signedInAs('ada'));
  await settle();
  return page;
}

it('what a person set in another browser is read after the sign-in', async () => {
  kept = { theme: 'dark', 'columns.pod': { hidden: ['pods.node'] } };
  const { now } = await signIn();
  expect(now()).toMatchObject({ of: 'ada', isRead: true, values: kept, unsent: [] });
  expect(requests).toEqual(['read']);
});

it('a change holds at once and is sent, and one made meanwhile after it', async () => {
  const { store, now } = await signIn();
  store.dispatch(preferred({ theme: 'dark' }));
  store.dispatch(preferred({ theme: 'light' }));
  expect(now().values).toEqual({ theme: 'light' });
  await settle();
  expect(kept).toEqual({ theme: 'light' });
  expect(now()).toMatchObject({ unsent: [], trouble: null });
  store.dispatch(preferred({ theme: null }));
  await settle();
  expect(requests.at(-1)).toEqual(['theme', null]);
});

it('a value with parts is sent once', async () => {
  const { store, now } = await signIn();
  store.dispatch(preferred({ 'columns.pod': { order: [], hidden: ['pods.node'], pinned: [] } }));
  await settle();
  expect(requests).toHaveLength(2);
  expect(now().unsent).toEqual([]);
});

it('nothing is sent before the server’s copy is here', async () => {
  kept = { language: 'zh-CN' };
  const { store, now } = start();
  store.dispatch(preferred({ language: 'en', theme: 'dark' }));
  await settle();
  expect(requests).toEqual([]);
  store.dispatch(signedInAs('ada'));
  await settle();
  expect(requests).toEqual(['read', ['theme', 'dark']]);
  expect(now().values).toEqual({ language: 'zh-CN', theme: 'dark' });
});

it('a change that fails is said, stays, and is sent again by itself', async () => {
  const { store, now } = await signIn();
  instead = async () => new Response('', { status: 503 });
  store.dispatch(preferred({ theme: 'dark' }));
  await settle();
  expect(now()).toMatchObject({
    values: { theme: 'dark' },
    unsent: ['theme'],
    trouble: { kind: 'unsent' },
  });
  await vi.advanceTimersByTimeAsync(4_000);
  expect(requests).toHaveLength(2);
  instead = null;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(kept).toEqual({ theme: 'dark' });
  expect(now()).toMatchObject({ unsent: [], trouble: null });
});

it('it waits longer each time, but not once the network is back, nor when the person asks', async () => {
  const { store } = await signIn();
  instead = async () => new Response('', { status: 503 });
  store.dispatch(preferred({ theme: 'dark' }));
  await vi.advanceTimersByTimeAsync(14_000);
  expect(requests).toHaveLength(3);
  window.dispatchEvent(new Event('online'));
  await settle();
  expect(requests).toHaveLength(4);
  store.dispatch(troubled(null));
  await settle();
  expect(requests).toHaveLength(5);
});

it('a change that the server refuses is not sent again, and the next one is', async () => {
  const { store, now } = await signIn();
  instead = refusal('BAD_INPUT');
  store.dispatch(preferred({ 'views.pod': ['much'] }));
  await settle();
  expect(now()).toMatchObject({ unsent: [], trouble: { kind: 'refused', message: 'too large' } });
  instead = null;
  store.dispatch(preferred({ theme: 'dark' }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests).toEqual(['read', ['views.pod', ['much']], ['theme', 'dark']]);
});

it('a page is not kept waiting by a slow server, and follows its copy later', async () => {
  kept = { theme: 'dark' };
  let go: (() => void) | undefined;
  instead = () =>
    new Promise((resolve) => {
      go = () => resolve(answer({ preferences: [{ key: 'theme', value: 'dark' }] }));
    });
  const { now } = await signIn();
  expect(now().isLate).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(now()).toMatchObject({ isLate: true, trouble: { kind: 'unread' } });
  go?.();
  await settle();
  expect(now()).toMatchObject({ values: { theme: 'dark' }, trouble: null });
});

it('whoever signs out and in again in the same page has their own', async () => {
  kept = { theme: 'dark' };
  const { store, now } = await signIn();
  store.dispatch(signedOut());
  store.dispatch(signedInAs('ada'));
  expect(now().isRead).toBe(false);
  await settle();
  expect(now()).toMatchObject({ of: 'ada', isRead: true, values: { theme: 'dark' } });
});

it('an answer for a person who has left is not given to the next one', async () => {
  const answers: ((response: Response) => void)[] = [];
  instead = () => new Promise((resolve) => answers.push(resolve));
  const { store, now } = await signIn();
  store.dispatch(signedOut());
  store.dispatch(signedInAs('bob'));
  answers[0]?.(answer({ preferences: [{ key: 'theme', value: 'dark' }] }));
  await settle();
  expect(now()).toMatchObject({ of: 'bob', isRead: false, values: {} });
  answers[1]?.(answer({ preferences: [{ key: 'theme', value: 'light' }] }));
  await settle();
  expect(now()).toMatchObject({ of: 'bob', isRead: true, values: { theme: 'light' } });
});

it('a page that is looked at again reads what was changed elsewhere, once a minute at most', async () => {
  const { now } = await signIn();
  kept = { theme: 'dark' };
  const look = () => document.dispatchEvent(new Event('visibilitychange'));
  look();
  await settle();
  expect(now().values).toEqual({});
  await vi.advanceTimersByTimeAsync(60_000);
  look();
  await settle();
  expect(now().values).toEqual({ theme: 'dark' });
});
