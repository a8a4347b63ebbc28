// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { Changed } from './changed';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a figure is marked for five seconds after its last change, and not when it first appears', () => {
  const { rerender } = show(<Changed figure={4} />);
  const isMarked = (figure: string) => screen.getByText(figure).className === 'changed-figure';
  const later = (ms: number) => act(() => void vi.advanceTimersByTime(ms));
  expect(isMarked('4')).toBe(false);
  rerender(<Changed figure={5} />);
  expect(isMarked('5')).toBe(true);
  later(4_000);
  rerender(<Changed figure={6} />);
  later(4_000);
  expect(isMarked('6')).toBe(true);
  later(1_100);
  expect(isMarked('6')).toBe(false);
});
