// @vitest-environment jsdom
import { renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { useAddress } from './use-address';

const { router, search } = vi.hoisted(() => ({
  router: { push: vi.fn(), replace: vi.fn() },
  search: { now: new URLSearchParams('view=all') },
}));
vi.mock('next/navigation', () => ({
  usePathname: () => '/audit',
  useRouter: () => router,
  useSearchParams: () => search.now,
}));

it('a change that comes before the last one is in the URL keeps that one', () => {
  window.history.replaceState(null, '', '/audit?view=all');
  const { result, rerender } = renderHook(useAddress);
  result.current.set({ view: 'people' });
  result.current.set({ q: 'scale' });
  expect(router.replace).toHaveBeenLastCalledWith('/audit?view=people&q=scale', { scroll: false });
  // It arrives, and then the person goes back.
  search.now = new URLSearchParams('view=people&q=scale');
  rerender();
  search.now = new URLSearchParams('view=all');
  rerender();
  result.current.set({ q: 'stop' });
  expect(router.replace).toHaveBeenLastCalledWith('/audit?view=all&q=stop', { scroll: false });
});
