// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { preferred } from '@/ui/preferences/preferences-slice';
import { Neighbours } from './neighbours';
import { keepTrail } from './trail';

const { replace, search } = vi.hoisted(() => ({ replace: vi.fn(), search: { now: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/workloads/b',
  useRouter: () => ({ replace }),
  useSearchParams: () => new URLSearchParams(search.now),
}));

beforeEach(() => {
  search.now = '';
  replace.mockClear();
  keepTrail('workload', { address: '/workloads?state=FAILED', ids: ['a', 'b', 'c~d'], total: 3 });
});

it('the objects before and after, and the list with its filter, are one press away', async () => {
  search.now = 'tab=logs&pod=p';
  show(<Neighbours list="workload" path="workloads" id="b" toList={null} />);
  expect(screen.getByTestId('neighbours')).toHaveTextContent('2 of 3');
  const hrefs = screen.getAllByRole('link').map((link) => link.getAttribute('href'));
  expect(hrefs).toEqual(['/workloads?state=FAILED', '/workloads/a?tab=logs', '/workloads/c~d?tab=logs']);
  await userEvent.keyboard('[[');
  await userEvent.keyboard(']');
  expect(replace.mock.calls).toEqual([['/workloads/a?tab=logs'], ['/workloads/c~d?tab=logs']]);
});

it.each([
  [4213, '2 of 3 on this page, 4213 in the list'],
  [undefined, '2 of 3 on this page'],
])('on a page of a longer list, %s in all, it is the place on the page', (total, words) => {
  keepTrail('workload', { address: '/workloads', ids: ['a', 'b', 'c'], total });
  show(<Neighbours list="workload" path="workloads" id="b" toList={null} />);
  expect(screen.getByTestId('neighbours')).toHaveTextContent(words);
});

it('before the first there is none', async () => {
  show(<Neighbours list="workload" path="workloads" id="a" toList={null} />);
  expect(screen.queryByRole('link', { name: 'previous object' })).toBeNull();
  await userEvent.keyboard('[[');
  expect(replace).not.toHaveBeenCalled();
});

it.each([
  ['by another way', 'workload', 'x'],
  ['from another list', 'pod', 'b'],
])('whoever came %s has no list to go on in', (_, list, id) => {
  show(<Neighbours list={list} path="workloads" id={id} toList={<a href="/workloads">All</a>} />);
  expect(screen.queryByTestId('neighbours')).toBeNull();
  expect(screen.getByRole('link', { name: 'All' })).toHaveAttribute('href', '/workloads');
});

it('whoever came by evidence goes back to where it stood, across the tabs of this page', () => {
  history.replaceState(null, '', '/workloads/x?tab=logs');
  const entries = ['/', '/?op=o', '/workloads/x', '/workloads/x?tab=logs', '/pods'].map((path) => ({
    url: `${location.origin}${path}`,
  }));
  vi.stubGlobal('navigation', { entries: () => entries, currentEntry: { index: 3 } });
  show(<Neighbours list="workload" path="workloads" id="x" toList={<a href="/workloads">All</a>} />);
  expect(screen.getByRole('link', { name: 'Back' })).toHaveAttribute('href', '/?op=o');
  vi.unstubAllGlobals();
});

it('a list that was kept for another page of this tab is found after a reload', async () => {
  vi.resetModules();
  const { trailTo } = await import('./trail');
  expect(trailTo('workload', 'b')?.address).toBe('/workloads?state=FAILED');
  sessionStorage.setItem('binnacle.trail.pod', '{"address": "https://elsewhere", "ids": ["b"]}');
  expect(trailTo('pod', 'b')).toBeNull();
});

it('keys that are turned off do nothing', async () => {
  const { store } = show(<Neighbours list="workload" path="workloads" id="b" toList={null} />);
  act(() => void store.dispatch(preferred({ keys: 'off' })));
  await userEvent.keyboard(']');
  expect(replace).not.toHaveBeenCalled();
});
