import { expect, it } from 'vitest';
import {
  arrived,
  personChanged,
  preferencesSlice,
  preferred,
  refused,
  sent,
  troubled,
} from './preferences-slice';

type Action = Parameters<typeof preferencesSlice.reducer>[1];

const after = (...actions: Action[]) =>
  actions.reduce(preferencesSlice.reducer, preferencesSlice.getInitialState());

it('a value of null removes the key, and that is sent, too', () => {
  const state = after(
    personChanged('ada'),
    arrived({ 'columns.pod': { order: [] } }),
    preferred({ 'columns.pod': null }),
  );
  expect(state).toMatchObject({ values: {}, unsent: ['columns.pod'] });
});

it('the server’s copy holds, also where it has a value no longer', () => {
  const state = after(
    personChanged('ada'),
    arrived({ theme: 'dark', zone: 'utc' }),
    arrived({ theme: 'light' }),
  );
  expect(state).toMatchObject({ values: { theme: 'light' }, unsent: [] });
});

it('what was changed and is not sent yet outlives the server’s copy', () => {
  const state = after(
    personChanged('ada'),
    preferred({ theme: 'dark' }),
    arrived({ theme: 'light', zone: 'utc' }),
    preferred({ zone: null }),
    arrived({ theme: 'light', zone: 'utc' }),
  );
  expect(state).toMatchObject({ values: { theme: 'dark' }, unsent: ['theme', 'zone'] });
});

it('a choice made before the sign-in is kept only where the server has none', () => {
  const before = [preferred({ theme: 'dark', language: 'en' }), personChanged('ada')];
  expect(after(...before)).toMatchObject({ values: { theme: 'dark', language: 'en' }, unsent: [] });
  expect(after(...before, arrived({ language: 'zh-CN' }))).toMatchObject({
    values: { theme: 'dark', language: 'zh-CN' },
    unsent: ['theme'],
  });
});

it('the next person begins with nothing', () => {
  const ada = [personChanged('ada'), arrived({ theme: 'dark' }), preferred({ zone: 'utc' })];
  expect(after(...ada, personChanged('bob'))).toMatchObject({
    of: 'bob',
    isRead: false,
    values: {},
    unsent: [],
  });
  expect(after(...ada, personChanged(null))).toEqual(after());
});

it('a value that was changed while it was sent is still to be sent', () => {
  const changed = [personChanged('ada'), preferred({ theme: 'dark' }), preferred({ theme: 'light' })];
  expect(after(...changed, sent({ key: 'theme', value: 'dark' })).unsent).toEqual(['theme']);
  expect(after(...changed, sent({ key: 'theme', value: 'light' })).unsent).toEqual([]);
});

it('the trouble ends when the last change is sent, but a refusal has to be read', () => {
  const changed = [personChanged('ada'), preferred({ theme: 'dark', zone: 'utc' })];
  const waits = [...changed, troubled({ kind: 'unsent' }), sent({ key: 'theme', value: 'dark' })];
  expect(after(...waits).trouble).toEqual({ kind: 'unsent' });
  expect(after(...waits, sent({ key: 'zone', value: 'utc' })).trouble).toBeNull();
  const refusal = [...changed, refused({ key: 'zone', message: 'too large' })];
  expect(after(...refusal, sent({ key: 'theme', value: 'dark' }))).toMatchObject({
    values: { zone: 'utc' },
    unsent: [],
    trouble: { kind: 'refused', message: 'too large' },
  });
});
