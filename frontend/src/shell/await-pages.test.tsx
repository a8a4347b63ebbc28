// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { Toasts } from '@/ui/feedback/toast';
import { awaitPages } from './await-pages';

const page = { headers: { rsc: '1' } };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that is away for two requests: it does not answer the first, and a proxy answers the second for it. */
function away() {
  return vi
    .fn<typeof fetch>()
    .mockRejectedValueOnce(new TypeError('Failed to fetch'))
    .mockResolvedValueOnce(new Response('', { status: 503 }))
    .mockResolvedValue(new Response('page'));
}

it('a page opens once the server answers, and says so meanwhile', async () => {
  const server = away();
  show(<Toasts />);
  const answer = awaitPages(server)('/audit.txt', page);
  await act(() => vi.advanceTimersByTimeAsync(0));
  expect(screen.getByText(/opens as soon as it answers/)).toBeInTheDocument();
  await act(() => vi.runAllTimersAsync());
  expect(await (await answer).text()).toBe('page');
  expect(server).toHaveBeenCalledTimes(3);
});

it.each([
  ['a request of our own', {}],
  ['a page that is fetched in advance', { headers: { rsc: '1', 'next-router-prefetch': '1' } }],
  ['a page that was left meanwhile', { ...page, signal: AbortSignal.abort() }],
])('%s fails as it did', async (_, init) => {
  const server = away();
  await expect(awaitPages(server)('/audit.txt', init)).rejects.toThrow('Failed to fetch');
  expect(server).toHaveBeenCalledTimes(1);
});
