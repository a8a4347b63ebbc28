import { expect, it } from 'vitest';
import { sortableTime } from './instant';

it('times finer than a millisecond keep their order as text', () => {
  const times = [
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.123456788Z',
    '2026-01-01T01:00:00.123456789+01:00',
    '2026-01-01T00:00:00.9Z',
    '2026-01-01T00:00:01+00:00',
  ];
  const sorted = times.map(sortableTime);
  expect(sorted).toEqual([...sorted].sort());
  expect(sorted[2]).toBe('2026-01-01T00:00:00.123456789Z');
  expect(sortableTime('2026-01-01T00:00:00Z')).toBe(sortableTime('2026-01-01T00:00:00.000+00:00'));
});
