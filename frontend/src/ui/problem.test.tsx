// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { Problem } from './problem';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([
  ['UNAVAILABLE', 2],
  ['FORBIDDEN', 0],
])('after %s it is tried again %d times in ten seconds', async (code, times) => {
  const retry = vi.fn();
  show(<Problem error={{ code, message: 'no' }} retry={() => retry()} />);
  expect(screen.getByTestId('problem')).toHaveTextContent('no');
  await act(() => vi.advanceTimersByTimeAsync(10_500));
  expect(retry).toHaveBeenCalledTimes(times);
});
