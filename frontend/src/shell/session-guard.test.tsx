// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { wantedPage } from './session-guard';

it.each([
  ['/workloads?state=FAILED', '/workloads?state=FAILED'],
  ['/a/../pods', '/pods'],
  ['/.//evil.example/phish', '/'],
  ['/x/..//evil.example', '/'],
  ['/%2e//evil.example', '/'],
  ['//evil.example', '/'],
  ['//', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in', '/'],
])('after %s, the sign-in leads to %s', (next, page) => {
  expect(wantedPage(`?next=${encodeURIComponent(next)}`)).toBe(page);
});
