import { expect, it } from 'vitest';
import { duration, timesOf } from './times';

const now = Date.parse('2026-01-10T00:00:00Z');

it.each([
  ['2026-01-09T23:59:59.5Z', 'en', '0s'],
  ['2026-01-09T23:09:00Z', 'en', '51m'],
  ['2026-01-08T00:00:01Z', 'en', '1d'],
  ['2025-10-21T00:00:00Z', 'zh-CN', '81 天'],
  ['2026-01-10T00:00:09Z', 'en', '0s'],
])('a short age has one unit and is not rounded up: %s', (at, language, text) => {
  const { brief } = timesOf(language, { times: 'relative', zone: 'utc' });
  expect(brief(Date.parse(at), now)).toBe(text);
});

it.each([
  ['2026-01-09T23:58:01Z', 'en', '1 minute ago'],
  ['2026-01-08T00:00:01Z', 'en', '1 day ago'],
  ['2026-01-09T23:57:00Z', 'zh-CN', '3 分钟前'],
  ['2026-01-10T00:00:09Z', 'en', 'now'],
])('an age in words is as old as the short one: %s', (at, language, text) => {
  const { when } = timesOf(language, { times: 'relative', zone: 'utc' });
  expect(when(Date.parse(at), now)).toBe(text);
});

it.each([
  ['2026-01-10T00:01:59.5Z', 'en', 'in 1 minute'],
  ['2026-01-11T23:59:59Z', 'en', 'in 1 day'],
  ['2026-01-10T00:03:00Z', 'zh-CN', '3 分钟后'],
  ['2026-01-09T23:59:51Z', 'en', 'now'],
])('a time to come is no further away than it is: %s', (at, language, text) => {
  const { due } = timesOf(language, { times: 'relative', zone: 'utc' });
  expect(due(Date.parse(at), now)).toBe(text);
});

const noon = Date.parse('2026-01-10T12:00:00Z');

it.each([
  ['2026-01-10T09:05:07Z', 'en', '09:05:07', '09:05'],
  ['2026-01-10T00:05:07Z', 'en', '00:05:07', '00:05'],
  ['2026-01-09T23:59:59Z', 'en', 'Jan 9, 23:59:59', 'Jan 9'],
  ['2026-01-09T23:59:59Z', 'zh-CN', '1/9 23:59:59', '1/9'],
  ['2025-12-31T23:59:59Z', 'en', 'Dec 31, 2025, 23:59:59', '2025'],
])('a time has no more of its date than it needs: %s', (at, language, when, brief) => {
  const times = timesOf(language, { times: 'absolute', zone: 'utc' });
  expect(times.when(Date.parse(at), noon)).toBe(when);
  expect(times.due(Date.parse(at), noon)).toBe(when);
  expect(times.brief(Date.parse(at), noon).replace('年', '')).toBe(brief);
});

it('the zone holds for the day and for the time', () => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const at = Date.parse('2026-01-10T09:05:07.089Z');
  const utc = timesOf('en', { times: 'relative', zone: 'utc' });
  expect(utc.clock(at)).toBe('09:05:07');
  expect(utc.preciseClock(at)).toBe('09:05:07.089');
  expect(utc.day(at)).toBe('Saturday, January 10, 2026');
  expect(utc.exact(at)).toBe('Jan 10, 2026, 09:05:07 UTC');
  const local = new Date(at).toLocaleTimeString('en', { hourCycle: 'h23', timeZone: zone });
  expect(timesOf('en', { times: 'relative', zone: 'local' }).clock(at)).toBe(local);
});

it.each([
  [-5, 'en', '0s'],
  [1_240, 'en', '1.2s'],
  [59_960, 'en', '1m'],
  [312_000, 'en', '5m 12s'],
  [86_400_000, 'en', '1d'],
  [93_600_000, 'en', '1d 2h'],
  [312_000, 'zh-CN', '5 分钟 12 秒'],
])('a duration has its two largest units: %s ms', (ms, language, text) => {
  expect(duration(ms, language)).toBe(text);
});
