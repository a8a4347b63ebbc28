// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { createStore } from '@/store';
import { keep, kept } from '@/ui/hooks/on-device';
import { personChanged } from '@/ui/preferences/preferences-slice';
import { keptRecent } from './recent-slice';

const one = { path: 'pods', id: 'a', name: 'a', place: 'shop' };

it('is kept on this device, and gone from it with the person', () => {
  const store = createStore();
  keep(store, keptRecent);
  store.dispatch({ type: 'recent/opened', payload: one });
  expect(kept(keptRecent)).toEqual([one]);
  store.dispatch(personChanged(null));
  expect(localStorage.getItem('binnacle.recent')).toBeNull();
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
