// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { signedOut } from '@/session/session-slice';
import { createStore } from '@/store';
import { keep, kept } from '@/ui/hooks/on-device';
import { keptRecent } from './recent-slice';

const one = { path: 'pods', id: 'a', name: 'a', place: 'shop' };

it('is kept on this device, and gone from it at the end of the session', () => {
  const store = createStore();
  keep(store, keptRecent);
  store.dispatch({ type: 'recent/opened', payload: one });
  expect(kept(keptRecent)).toEqual([one]);
  store.dispatch(signedOut());
  expect(localStorage.getItem('binnacle.recent')).toBe('[]');
});

it.each([
  null,
  'no json',
  '{}',
  '[7, null]',
  '[{"path":"/elsewhere.example","id":"a","name":"a","place":""}]',
])('%s is no list of objects', (text) => {
  if (text) localStorage.setItem('binnacle.recent', text);
  expect(kept(keptRecent)).toEqual([]);
});
