// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { Toasts, toast } from './toast';

beforeEach(() => {
  vi.useFakeTimers();
  show(<Toasts />);
});
afterEach(() => void vi.useRealTimers());

const say = (one: Parameters<typeof toast>[0]) => act(() => toast(one));
const later = (ms: number) => act(() => void vi.advanceTimersByTime(ms));
const shown = () => screen.queryAllByTestId('toast').map(({ textContent }) => textContent);
const close = () => fireEvent.click(screen.getByRole('button', { name: 'Close' }));

it('one at a time, for six seconds', () => {
  say({ text: 'Accepted: web', tone: 'good' });
  say({ text: 'Accepted: api', tone: 'good' });
  expect(shown()).toEqual(['Accepted: api']);
  later(5_900);
  expect(shown()).toEqual(['Accepted: api']);
  later(200);
  expect(shown()).toEqual([]);
});

it('a failure stays until it is closed, below what came after it', () => {
  say({ text: 'Failed: web', tone: 'bad', href: '/operations' });
  say({ text: 'Accepted: api', tone: 'good' });
  expect(shown()).toEqual(['Accepted: api']);
  later(60_000);
  expect(shown()).toEqual(['Failed: webOpen']);
  expect(screen.getByRole('link', { name: 'Open' })).toHaveAttribute('href', '/operations');
  close();
  expect(shown()).toEqual([]);
});

it('what was accepted can be closed, too', () => {
  say({ text: 'Accepted: web', tone: 'good' });
  close();
  expect(shown()).toEqual([]);
});
