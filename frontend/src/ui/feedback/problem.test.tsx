// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { Problem } from './problem';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([
  ['UNAVAILABLE', true],
  ['FORBIDDEN', false],
])('after %s it is tried again by itself: %s', async (code, isRetried) => {
  const retry = vi.fn();
  show(<Problem error={{ code, message: 'no' }} retry={() => retry()} />);
  expect(screen.getByTestId('problem')).toHaveTextContent('no');
  await act(() => vi.advanceTimersByTimeAsync(8_000));
  expect(retry.mock.calls.length > 0).toBe(isRetried);
});
