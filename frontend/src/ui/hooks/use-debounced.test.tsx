// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useDebounced } from './use-debounced';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('what is typed letter by letter is one value, and the first holds at once', () => {
  const { result, rerender } = renderHook(({ value }) => useDebounced(value), {
    initialProps: { value: null as string | null },
  });
  const after = (value: string | null, ms = 50) => {
    rerender({ value });
    act(() => void vi.advanceTimersByTime(ms));
    return result.current;
  };
  expect([after(''), after('s'), after('sh'), after('sho', 300)]).toEqual(['', '', '', 'sho']);
  expect(after(null)).toBeNull();
});
