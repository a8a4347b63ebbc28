// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { Loading } from './loading';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const later = (ms: number) => act(() => void vi.advanceTimersByTime(ms));

it('a long wait is put into words, and a wait without end into an error', () => {
  const retry = vi.fn();
  const { container } = show(<Loading lines={3} retry={retry} />);
  expect(container.querySelectorAll('.ant-skeleton li')).toHaveLength(3);
  later(1_900);
  expect(screen.queryByRole('status')).toBeNull();
  later(200);
  expect(screen.getByRole('status')).toHaveTextContent('This takes longer than usual.');
  later(8_000);
  expect(screen.queryByRole('status')).toBeNull();
  expect(screen.getByRole('alert')).toHaveTextContent('There is no answer after 10 s.');
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(retry).toHaveBeenCalled();
});
