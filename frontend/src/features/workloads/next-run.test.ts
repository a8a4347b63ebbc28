import { expect, it } from 'vitest';
import { nextRun } from './next-run';

function next(expression: string, timeZone: string | null, after: string) {
  const at = nextRun({ expression, timeZone }, Date.parse(after));
  return at === null ? null : new Date(at).toISOString().replace(':00.000Z', 'Z');
}

/** A Saturday. */
const NOON = '2026-01-10T12:00:00Z';

it.each([
  ['* * * * *', NOON, '2026-01-10T12:01Z'],
  ['* * * * *', '2026-01-10T12:00:59.999Z', '2026-01-10T12:01Z'],
  ['  0\t3  * * * ', NOON, '2026-01-11T03:00Z'],
  ['5/20 * * * *', '2026-01-10T12:26:00Z', '2026-01-10T12:45Z'],
  ['30,5/20 * * * *', '2026-01-10T12:26:00Z', '2026-01-10T12:30Z'],
  ['0 9-17/4 * Jan-feb MON-Fri', NOON, '2026-01-12T09:00Z'],
  ['0 0 * * sun', NOON, '2026-01-11T00:00Z'],
  ['0 0 29 2 *', NOON, '2028-02-29T00:00Z'],
  ['@hourly', NOON, '2026-01-10T13:00Z'],
  ['@midnight', NOON, '2026-01-11T00:00Z'],
  ['@weekly', NOON, '2026-01-11T00:00Z'],
  ['@monthly', NOON, '2026-02-01T00:00Z'],
  ['@annually', NOON, '2027-01-01T00:00Z'],
])('the run after a time is the next one that the expression names: %s', (expression, after, at) => {
  expect(next(expression, null, after)).toBe(at);
});

it.each([
  ['0 3 * * *', 'Europe/Berlin', NOON, '2026-01-11T02:00Z'],
  ['0 3 * * *', 'Europe/Berlin', '2026-07-10T12:00:00Z', '2026-07-11T01:00Z'],
  ['30 0 * * *', 'Asia/Kolkata', NOON, '2026-01-10T19:00Z'],
  ['0 0 * * 1', 'Pacific/Auckland', NOON, '2026-01-11T11:00Z'],
  ['0 0 1 1 *', 'Europe/Berlin', '2026-07-10T12:00:00Z', '2026-12-31T23:00Z'],
  ['0 12 * * *', 'America/New_York', '2026-03-07T18:00:00Z', '2026-03-08T16:00Z'],
])('it is at the time of the zone: %s in %s', (expression, zone, after, at) => {
  expect(next(expression, zone, after)).toBe(at);
});

it.each([
  ['0 0 15 * 1', NOON, '2026-01-12T00:00Z'],
  ['0 0 15 * 1', '2026-01-13T00:00:00Z', '2026-01-15T00:00Z'],
  ['0 0 * * 1', NOON, '2026-01-12T00:00Z'],
  ['0 0 ? * 1', NOON, '2026-01-12T00:00Z'],
  ['0 0 15 * ?', NOON, '2026-01-15T00:00Z'],
  ['0 0 */2 * *', NOON, '2026-01-11T00:00Z'],
])('of two given days one is enough: %s', (expression, after, at) => {
  expect(next(expression, null, after)).toBe(at);
});

it.each([
  ['', null],
  ['never', null],
  ['@every 1h', null],
  ['@reboot', null],
  ['TZ=Europe/Berlin 0 3 * * *', null],
  ['CRON_TZ=Europe/Berlin 0 3 * * *', null],
  ['0 3 * *', null],
  ['0 0 3 * * *', null],
  ['0 3 L * *', null],
  ['0 3 15W * *', null],
  ['0 3 * * 5#2', null],
  ['0 3 * * 5L', null],
  ['0 3 * * +1', null],
  ['0 3 * * abc', null],
  ['0 25 * * *', null],
  ['0 0 31 2 *', null],
  ['0 0 */2 * 1', null],
  ['0 0 1,* * 1', null],
  ['2026-01-11T03:00:00Z', null],
  ['0 3 * * *', 'Europe/Nowhere'],
])('what is not read as Kubernetes reads it has no next run: %s', (expression, zone) => {
  expect(next(expression, zone, NOON)).toBeNull();
});

it.each([
  ['30 2 * * *', '2026-03-28T12:00:00Z', null],
  ['30 2 * * *', '2026-03-29T04:00:00Z', '2026-03-30T00:30Z'],
  ['30 2 * * *', '2026-10-24T12:00:00Z', null],
  ['30 2 * * *', '2026-10-25T00:40:00Z', null],
  ['0 15 * * *', '2026-03-28T12:00:00Z', '2026-03-28T14:00Z'],
])('it is not certain while the clocks change: %s after %s', (expression, after, at) => {
  expect(next(expression, 'Europe/Berlin', after)).toBe(at);
});
