// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { createStore } from '@/store';
import { preferred } from './preferences-slice';
import { keepPreferences, keptPreferences } from './storage';

const KEY = 'binnacle.preferences';
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
  keepPreferences(store);
  store.dispatch(preferred({ theme: 'dark', zone: 'utc' }));
  expect(createStore(keptPreferences()).getState().preferences).toEqual({
    ...given,
    theme: 'dark',
    zone: 'utc',
  });
});

it.each([null, '', 'no json', '[]', 'null', '7', '{"theme":"blue","zone":3,"more":true}'])(
  '%s is no preference',
  (text) => {
    if (text !== null) localStorage.setItem(KEY, text);
    expect(keptPreferences()).toEqual(given);
  },
);

it('what another tab chooses holds here too, and is not lost by the next choice', () => {
  const store = createStore();
  keepPreferences(store);
  const newValue = JSON.stringify({ ...given, density: 'compact' });
  window.dispatchEvent(new StorageEvent('storage', { key: KEY, newValue }));
  store.dispatch(preferred({ theme: 'dark' }));
  expect(keptPreferences()).toEqual({ ...given, density: 'compact', theme: 'dark' });
});

it('a device that keeps nothing keeps a choice as long as the page', () => {
  const refuse = () => {
    throw new DOMException('', 'SecurityError');
  };
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
  const store = createStore(keptPreferences());
  keepPreferences(store);
  store.dispatch(preferred({ keys: 'off' }));
  expect(store.getState().preferences.keys).toBe('off');
});
