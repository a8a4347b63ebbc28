// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import '@/resource/resource-table'; // Loaded before a test waits for it.
import { answer, show } from '@/test/render';
import { Events } from './list';

const { search } = vi.hoisted(() => ({ search: { now: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/workloads/web',
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams(search.now),
}));
// jsdom has no layout, and without a width the table draws nothing.
vi.mock('@/ui/hooks/use-size', () => ({
  useSize: () => [{ current: null }, { width: 1_000, top: 0, viewportHeight: 800 }],
}));

const event = (reason: string) => ({
  id: reason,
  type: 'Warning',
  reason,
  message: 'Back-off pulling image "web:typo"',
  count: 12,
  lastSeen: '2026-01-01T00:00:00Z',
  source: 'kubelet',
  objectId: 'Pod~dev~shop~web-1',
  container: 'web',
});
const page = (...nodes: object[]) => ({
  kubernetesEvents: {
    nodes,
    pageInfo: { hasNextPage: false, endCursor: null },
    totalCount: nodes.length,
  },
});

afterEach(() => {
  search.now = '';
  vi.useRealTimers();
});

it('shows what Kubernetes reported about the object', async () => {
  const requests = answer(page(event('BackOff')));
  show(<Events of={{ id: 'web' }} />);
  const row = await screen.findByTestId('event-row');
  for (const text of ['Warning', 'BackOff', 'Back-off pulling image "web:typo"', '12', 'Pod web-1', 'web'])
    expect(row).toHaveTextContent(text);
  expect(requests[0]?.variables).toEqual({ filter: { about: 'web' }, first: 100, after: null });
});

it('says how long events are kept where there are none', async () => {
  answer(page());
  show(<Events of={{ id: 'web' }} />);
  expect(await screen.findByText(/kept for 30 days/)).toBeInTheDocument();
});

it('is searched by the server, and narrowed to warnings', async () => {
  search.now = 'q=back&only=warnings';
  const requests = answer(page(event('BackOff')));
  show(<Events of={{ id: 'web' }} />);
  await screen.findByTestId('event-row');
  expect(requests[0]?.variables).toMatchObject({ filter: { about: 'web', search: 'back', type: 'WARNING' } });
  expect(screen.getByRole('radio', { name: 'Warnings' })).toBeChecked();
});

it('what matches nothing says so, with the way back', async () => {
  search.now = 'q=nowhere';
  answer(page());
  show(<Events of={{ id: 'web' }} />);
  expect(await screen.findByTestId('empty')).toHaveTextContent('No event matches.');
});

it('is read again after a change of the object, and while the page is visible', async () => {
  vi.useFakeTimers();
  const requests = answer(page(), page(), page());
  const { rerender } = show(<Events of={{ id: 'web' }} />);
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(requests).toHaveLength(1);
  rerender(<Events of={{ id: 'web' }} />);
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(requests).toHaveLength(2);
  await act(() => vi.advanceTimersByTimeAsync(4_000));
  expect(requests).toHaveLength(3);
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  await act(() => vi.advanceTimersByTimeAsync(20_000));
  expect(requests).toHaveLength(3);
});

it('marks the events that evidence leads to', async () => {
  search.now = 'reason=BackOff';
  answer(page(event('Pulled'), event('BackOff')));
  show(<Events of={{ id: 'web' }} />);
  const rows = await screen.findAllByTestId('event-row');
  expect(rows.map((row) => row.querySelector('mark')?.textContent)).toEqual([undefined, 'BackOff']);
});
