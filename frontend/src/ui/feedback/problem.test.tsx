// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react';
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

it('the box says since when, what still works, and when it is tried again', () => {
  show(<Problem error={{ code: 'UNAVAILABLE', message: '' }} retry={() => {}} asOf={Date.now() - 60_000} />);
  const box = screen.getByTestId('problem');
  expect(box).toHaveTextContent(
    /The server is not available\.Since \d.+ The data shown is from 1 minute ago\./,
  );
  expect(box).toHaveTextContent('The clusters are not affected.');
  expect(box).toHaveTextContent(/by itself in [5-8] s/);
});

it('the id of the request can be copied, where the server gave one', async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const { unmount } = show(<Problem error={{ code: 'INTERNAL', message: 'no', requestId: '7f1c' }} />);
  await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Copy 7f1c' })));
  expect(writeText).toHaveBeenCalledWith('7f1c');
  expect(screen.getByRole('button', { name: 'Copied' })).toBeInTheDocument();
  unmount();
  show(<Problem error={{ code: 'INTERNAL', message: 'no' }} />);
  expect(screen.queryByRole('button')).toBeNull();
});

it('an error is said by its code, with what to do next', () => {
  const message = 'something went wrong inside Binnacle: the log tells more about this request id';
  const { unmount } = show(<Problem error={{ code: 'INTERNAL', message }} />);
  expect(screen.getByTestId('problem')).toHaveTextContent(
    /Something went wrong inside the server\..*Try again\./,
  );
  expect(screen.getByTestId('problem')).not.toHaveTextContent(message);
  unmount();
  show(<Problem error={{ code: 'BAD_INPUT', message: 'label selector: no value' }} />);
  expect(screen.getByTestId('problem')).toHaveTextContent('The server does not accept this request.');
  expect(screen.getByText('label selector: no value')).toBeInTheDocument();
});
