// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { keptRecent } from '@/resource/recent-slice';
import { rememberScroll } from '@/resource/scroll-memory';
import { keepTrail, trailTo } from '@/resource/trail';
import { createStore } from '@/store';
import { signedInAs } from '@/test/samples';
import { keep } from '@/ui/hooks/on-device';
import { preferred } from '@/ui/preferences/preferences-slice';
import { keptPreferences } from '@/ui/preferences/storage';
import { followPerson } from './follow-person';
import { ended, signedOut, unreachable } from './session-slice';

function start() {
  const store = createStore();
  keep(store, keptPreferences);
  keep(store, keptRecent);
  followPerson(store);
  return store;
}

function workAs(id: string) {
  const store = start();
  store.dispatch(signedInAs(id));
  store.dispatch(preferred({ theme: 'dark' }));
  store.dispatch({ type: 'recent/opened', payload: { path: 'pods', id: 'p', name: 'p', place: 'shop' } });
  keepTrail('pod', { address: '/pods?ns=shop', ids: ['p'] });
  rememberScroll('pods', 300);
  return store;
}

const stored = () => [...Object.keys(localStorage), ...Object.keys(sessionStorage)];

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

it.each([
  ['signs out', signedOut()],
  ['loses the session', ended()],
])('nothing of a person who %s is left in the browser', (_how, end) => {
  const store = workAs('ada');
  expect(stored().sort()).toEqual(['binnacle.preferences', 'binnacle.recent', 'binnacle.trail.pod']);
  expect(trailTo('pod', 'p')).not.toBeNull();
  store.dispatch(end);
  expect(stored()).toEqual([]);
  expect(trailTo('pod', 'p')).toBeNull();
  expect(store.getState()).toMatchObject({ recent: [], preferences: { of: null, values: {} } });
});

it('the next person in the same page finds nothing of the one before, nor of what the server told them', () => {
  const store = workAs('ada');
  const reset = vi.fn();
  const dispatch = store.dispatch;
  store.dispatch = ((action: { type: string }) => {
    if (action.type === 'api/resetApiState') reset();
    return dispatch(action);
  }) as typeof dispatch;
  store.dispatch(signedInAs('bob'));
  expect(reset).toHaveBeenCalledOnce();
  expect(trailTo('pod', 'p')).toBeNull();
  expect(store.getState()).toMatchObject({ recent: [], preferences: { of: 'bob', values: {} } });
});

it('a renewed session and a server that does not answer leave everything as it is', () => {
  const store = workAs('ada');
  store.dispatch(signedInAs('ada'));
  store.dispatch(unreachable());
  expect(store.getState().preferences).toMatchObject({ of: 'ada', values: { theme: 'dark' } });
  expect(trailTo('pod', 'p')).not.toBeNull();
});

it('what is chosen on the page for the sign-in is there when it is opened again', () => {
  const store = start();
  store.dispatch(preferred({ theme: 'dark' }));
  store.dispatch(ended());
  expect(stored()).toEqual(['binnacle.preferences']);
  expect(store.getState().preferences.values).toEqual({ theme: 'dark' });
});
