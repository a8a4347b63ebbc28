// @vitest-environment jsdom
import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { rememberScroll, useScrollOf } from './scroll-memory';

const open = (list: string) => renderHook(useScrollOf).result.current(list);

it('it is known where the router draws the list before anybody else hears of it', () => {
  rememberScroll('nodes', 70);
  let found = 0;
  const router = new AbortController();
  const draw = (event: Event) => {
    found = open('nodes');
    event.stopImmediatePropagation();
  };
  window.addEventListener('popstate', draw, { signal: router.signal, capture: true });
  window.dispatchEvent(new PopStateEvent('popstate'));
  router.abort();
  expect(found).toBe(70);
});

it('a list that is come back to is where it was, and one that is opened anew is not', () => {
  rememberScroll('workloads', 700);
  expect(open('workloads')).toBe(0);
  window.dispatchEvent(new PopStateEvent('popstate'));
  expect(open('workloads')).toBe(700);
  expect(open('pods')).toBe(0);
});

it('the places of fifty lists are kept', () => {
  for (let list = 0; list <= 50; list++) rememberScroll(`list ${list}`, list + 1);
  window.dispatchEvent(new PopStateEvent('popstate'));
  expect([open('list 0'), open('list 1'), open('list 50')]).toEqual([0, 2, 51]);
});
