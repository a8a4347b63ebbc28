import { expect, it } from 'vitest';
import { amount, isHigh, type Resource } from './amounts';

it.each<[Resource, number, string]>([
  ['cpu', 0.4, '0'],
  ['cpu', 187, '187m'],
  ['cpu', 1_870, '1.9'],
  ['cpu', 456_000, '456'],
  ['memory', 512, '512'],
  ['memory', 134_217_728, '128Mi'],
  ['memory', 1_610_612_736, '1.5Gi'],
  ['memory', 1_040 * 1_024 ** 3, '1Ti'],
])('%s of %d is written as %s', (what, value, text) => {
  expect(amount(what, value, 'en')).toBe(text);
});

it.each([
  [{ request: 100, limit: 200 }, 150, false],
  [{ request: 100, limit: 200 }, 180, true],
  [{ request: 100, limit: null }, 101, true],
  [{ request: null, limit: null }, 101, false],
])('of %o, a use of %d is high: %s', (basis, used, expected) => {
  expect(isHigh(used, basis)).toBe(expected);
});
