// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { askedFor } from './asked-page';
import { Opening } from './opening';

let pathname = '/workloads';
let search = '';
vi.mock('next/navigation', () => ({
  usePathname: () => pathname,
  useSearchParams: () => new URLSearchParams(search),
  useRouter: () => ({ push: () => {} }),
}));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const later = (ms: number) => act(() => void vi.advanceTimersByTime(ms));
const bar = () => screen.queryByTestId('reading-bar');

it('a page that is asked for is said to be on its way until it is there', () => {
  const { rerender } = show(<Opening />);
  later(500);
  expect(bar()).toBeNull();
  act(() => askedFor('/pods?ns=a'));
  later(200);
  expect(bar()).toBeInTheDocument();
  later(2_000);
  expect(screen.getByRole('status')).toHaveTextContent('This takes longer than usual.');
  pathname = '/pods';
  search = 'ns=a';
  rerender(<Opening />);
  expect(bar()).toBeNull();
  // What is set in the address afterwards asks for no page.
  search = 'ns=b';
  rerender(<Opening />);
  later(500);
  expect(bar()).toBeNull();
});

it('the same page is on its way where another part of it is asked for', () => {
  pathname = '/pods';
  search = 'ns=a b';
  show(<Opening />);
  act(() => askedFor('/pods?ns=a%20b'));
  later(500);
  expect(bar()).toBeNull();
  act(() => askedFor('/pods?ns=c'));
  later(500);
  expect(bar()).toBeInTheDocument();
});

it('a page that does not come is a server that does not answer', () => {
  pathname = '/workloads';
  show(<Opening />);
  act(() => askedFor('/audit'));
  later(10_200);
  expect(screen.getByRole('alert')).toHaveTextContent('The server has not answered for 10 seconds.');
});
