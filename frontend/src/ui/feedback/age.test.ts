import { expect, it } from 'vitest';
import { shortAge } from './age';

const now = Date.parse('2026-01-10T00:00:00Z');

it.each([
  ['2026-01-09T23:59:59.5Z', 'en', '0s'],
  ['2026-01-09T23:09:00Z', 'en', '51m'],
  ['2026-01-08T00:00:01Z', 'en', '1d'],
  ['2025-10-21T00:00:00Z', 'zh-CN', '81天'],
  ['2026-01-10T00:00:09Z', 'en', '0s'],
])('a short age has one unit and is not rounded up: %s', (at, language, text) => {
  expect(shortAge(Date.parse(at), now, language)).toBe(text);
});
