// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { Loading, Rereading } from './loading';

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
  expect(container.querySelector('.ant-skeleton')).toBeNull();
  expect(screen.getByRole('alert')).toHaveTextContent('The server has not answered for 10 seconds.');
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(retry).toHaveBeenCalled();
});

it('what is read anew has a bar, then words, then an error, and nothing once it is there', () => {
  const bar = () => screen.queryByTestId('reading-bar');
  const { rerender } = show(<Rereading isOn retry={() => {}} />);
  later(100);
  expect(bar()).toBeNull();
  later(100);
  expect(bar()).toBeInTheDocument();
  expect(screen.queryByRole('status')).toBeNull();
  later(2_000);
  expect(screen.getByRole('status')).toHaveTextContent('This takes longer than usual.');
  later(8_000);
  expect(screen.getByRole('alert')).toHaveTextContent('The server has not answered for 10 seconds.');
  rerender(<Rereading isOn={false} retry={() => {}} />);
  expect(screen.queryByRole('alert')).toBeNull();
  rerender(<Rereading isOn retry={() => {}} />);
  expect(bar()).toBeNull();
});
