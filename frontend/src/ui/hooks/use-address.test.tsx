// @vitest-environment jsdom
import { renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { useAddress } from './use-address';

const { search } = vi.hoisted(() => ({ search: { now: new URLSearchParams('view=all') } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/audit',
  useSearchParams: () => search.now,
}));

it('a change that comes before the last one is in the URL keeps that one', () => {
  window.history.replaceState(null, '', '/audit?view=all');
  const { result, rerender } = renderHook(useAddress);
  result.current.set({ view: 'people' });
  result.current.set({ q: 'scale' });
  expect(location.pathname + location.search).toBe('/audit?view=people&q=scale');
  // It arrives, and then the person goes back.
  search.now = new URLSearchParams('view=people&q=scale');
  rerender();
  window.history.replaceState(null, '', '/audit?view=all');
  search.now = new URLSearchParams('view=all');
  rerender();
  result.current.set({ q: 'stop' });
  expect(location.pathname + location.search).toBe('/audit?view=all&q=stop');
});
