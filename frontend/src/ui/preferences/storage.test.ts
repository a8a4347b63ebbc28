// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { createStore } from '@/store';
import { keep, kept } from '../hooks/on-device';
import { preferred } from './preferences-slice';
import { keptPreferences } from './storage';

const { key } = keptPreferences;
const given = {
  language: 'system',
  theme: 'system',
  density: 'normal',
  times: 'relative',
  zone: 'local',
  keys: 'on',
};

beforeEach(() => localStorage.clear());

it('what is chosen is there after a reload', () => {
  const store = createStore();
  keep(store, keptPreferences);
  store.dispatch(preferred({ theme: 'dark', zone: 'utc' }));
  expect(kept(keptPreferences)).toEqual({ ...given, theme: 'dark', zone: 'utc' });
});

it.each([null, '', 'no json', '[]', 'null', '7', '{"theme":"blue","zone":3,"more":true}'])(
  '%s is no preference',
  (text) => {
    if (text !== null) localStorage.setItem(key, text);
    expect(kept(keptPreferences)).toEqual(given);
  },
);

it('what another tab chooses holds here, and outlives the next choice', () => {
  const store = createStore();
  keep(store, keptPreferences);
  localStorage.setItem(key, JSON.stringify({ ...given, density: 'compact' }));
  window.dispatchEvent(new StorageEvent('storage', { key }));
  store.dispatch(preferred({ theme: 'dark' }));
  expect(kept(keptPreferences)).toEqual({ ...given, density: 'compact', theme: 'dark' });
});

it('without storage a choice lasts as long as the page', () => {
  const refuse = () => {
    throw new DOMException('', 'SecurityError');
  };
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
  const store = createStore();
  keep(store, keptPreferences);
  store.dispatch(preferred({ keys: 'off' }));
  expect(store.getState().preferences.keys).toBe('off');
  expect(kept(keptPreferences)).toEqual(given);
});
