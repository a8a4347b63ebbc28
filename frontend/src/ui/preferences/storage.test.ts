// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { createStore } from '@/store';
import { forgetPerson, forgetWithPerson, keep, kept } from '../hooks/on-device';
import { choiceOf, personChanged, preferred } from './preferences-slice';
import { keptPreferences } from './storage';

const { key } = keptPreferences;
const copyOf = (of: string | null, values: object) => JSON.stringify({ of, isRead: true, values });
const anotherTabKeeps = (text: string) => {
  localStorage.setItem(key, text);
  window.dispatchEvent(new StorageEvent('storage', { key }));
};

beforeEach(() => localStorage.clear());

it('what is chosen is there after a reload', () => {
  const store = createStore();
  keep(store, keptPreferences);
  store.dispatch(preferred({ theme: 'dark', zone: 'utc' }));
  expect(kept(keptPreferences).values).toEqual({ theme: 'dark', zone: 'utc' });
});

it('the script before the first paint shows the theme that is kept', () => {
  const script = readFileSync(join(import.meta.dirname, '../../../public/theme.js'), 'utf8');
  const paint = () => {
    new Function(script)();
    return document.documentElement.dataset.theme;
  };
  expect(paint()).toBe('light');
  const store = createStore();
  keep(store, keptPreferences);
  store.dispatch(preferred({ theme: 'dark' }));
  expect(paint()).toBe('dark');
});

it.each([
  ['zh-CN', 'en-US', 'zh-CN'],
  ['en', 'zh-TW', 'en'],
  ['system', 'zh-CN', 'zh-CN'],
  ['system', 'fr', 'en'],
  [undefined, 'zh', 'zh-CN'],
] as const)('and the language: chosen %s, of the browser %s', (language, ofBrowser, spoken) => {
  const script = readFileSync(join(import.meta.dirname, '../../../public/theme.js'), 'utf8');
  vi.spyOn(navigator, 'language', 'get').mockReturnValue(ofBrowser);
  if (language) localStorage.setItem(key, JSON.stringify({ values: { language } }));
  else localStorage.setItem(key, '{"values":null}');
  new Function(script)();
  expect(document.documentElement.lang).toBe(spoken);
});

it('what is not sent yet is not forgotten by a reload', () => {
  const store = createStore();
  keep(store, keptPreferences);
  store.dispatch(personChanged('ada'));
  store.dispatch(preferred({ theme: 'dark' }));
  expect(kept(keptPreferences)).toMatchObject({ of: 'ada', unsent: ['theme'] });
});

it.each([null, '', 'no json', '[]', 'null', '7', '{"values":3}', '{"values":["dark"]}', '{"values":null}'])(
  '%s is no preference',
  (text) => {
    if (text !== null) localStorage.setItem(key, text);
    expect(kept(keptPreferences)).toEqual(createStore().getState().preferences);
  },
);

it('a choice that is none is read as the first one', () => {
  localStorage.setItem(key, copyOf(null, { theme: 'blue', zone: 3, times: 'absolute', more: true }));
  const state = { preferences: kept(keptPreferences) };
  expect(choiceOf(state, 'theme')).toBe('system');
  expect(choiceOf(state, 'zone')).toBe('local');
  expect(choiceOf(state, 'times')).toBe('absolute');
});

it('what another tab chooses holds here, and outlives the next choice', () => {
  const store = createStore();
  keep(store, keptPreferences);
  anotherTabKeeps(copyOf(null, { density: 'compact' }));
  store.dispatch(preferred({ theme: 'dark' }));
  expect(kept(keptPreferences).values).toEqual({ density: 'compact', theme: 'dark' });
});

it('what another person chooses in another tab does not hold here', () => {
  const store = createStore();
  keep(store, keptPreferences);
  store.dispatch(personChanged('ada'));
  anotherTabKeeps(copyOf('bob', { density: 'compact' }));
  expect(store.getState().preferences).toMatchObject({ of: 'ada', values: {} });
});

it('nothing is left of a person that is forgotten, in storage or in memory', () => {
  const store = createStore();
  keep(store, keptPreferences);
  const clear = vi.fn();
  forgetWithPerson(clear);
  store.dispatch(personChanged('ada'));
  store.dispatch(preferred({ theme: 'dark' }));
  sessionStorage.setItem('binnacle.trail.pod', '{}');
  localStorage.setItem('of another page', '1');
  forgetPerson();
  store.dispatch(personChanged(null));
  expect([...Object.keys(localStorage), ...Object.keys(sessionStorage)]).toEqual(['of another page']);
  expect(clear).toHaveBeenCalledOnce();
});

it('without storage a choice lasts as long as the page', () => {
  const refuse = () => {
    throw new DOMException('', 'SecurityError');
  };
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
  vi.spyOn(Storage.prototype, 'removeItem').mockImplementation(refuse);
  const store = createStore();
  keep(store, keptPreferences);
  store.dispatch(preferred({ keys: 'off' }));
  expect(store.getState().preferences.values).toEqual({ keys: 'off' });
  expect(kept(keptPreferences).values).toEqual({});
});
