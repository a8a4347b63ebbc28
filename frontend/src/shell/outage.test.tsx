// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connected, lost, tried } from '@/graphql/connection-slice';
import { WindowRows } from '@/resource/window-rows';
import { show } from '@/test/render';
import { Outage } from './outage';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const later = (ms: number) => act(() => void vi.advanceTimersByTime(ms));
const away = { code: 'UNAVAILABLE', message: 'HTTP 502', requestId: '7f1c' };

interface ListProps {
  error?: object;
  rows?: string[];
  retry?: () => void;
}

const List = ({ error, rows, retry = () => {} }: ListProps) => (
  <WindowRows rows={rows} error={error} retry={retry} asOf={Date.now() - 60_000} empty="none">
    {(shown) => <p>{shown.join()}</p>}
  </WindowRows>
);

const page = (...lists: ListProps[]) => (
  <Outage>
    {lists.map((list, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the lists of a page are always the same
      <List key={index} {...list} />
    ))}
  </Outage>
);

it('however many lists wait for the server, it is said once, and one press tries all again', () => {
  const [one, other] = [vi.fn(), vi.fn()];
  const { container } = show(
    page({ error: away, retry: one }, { error: away, retry: other, rows: ['web'] }, { error: away }),
  );
  expect(screen.getAllByRole('alert')).toHaveLength(1);
  expect(screen.getByRole('alert')).toHaveTextContent('The server is not available.');
  expect(screen.getByRole('alert')).toHaveTextContent('request 7f1c');
  expect(container.querySelector('.ant-skeleton')).toBeNull();
  expect(screen.getByText('web')).toBeInTheDocument();
  expect(screen.getAllByTestId('waits-for-server').map(({ textContent }) => textContent)).toEqual([
    'Shown as soon as the server answers.',
    'The data shown is from 1 minute ago.',
    'Shown as soon as the server answers.',
  ]);
  fireEvent.click(screen.getByTestId('problem-retry'));
  expect([one.mock.calls.length, other.mock.calls.length]).toEqual([1, 1]);
  later(8_000);
  expect(one.mock.calls.length).toBeGreaterThan(1);
});

it('once all lists are there the box is gone', () => {
  const { rerender } = show(page({ error: away }, { error: away }));
  rerender(page({ error: away }, { rows: ['web'] }));
  expect(screen.getByRole('alert')).toBeInTheDocument();
  rerender(page({ rows: ['api'] }, { rows: ['web'] }));
  expect(screen.queryByRole('alert')).toBeNull();
});

it('lists that get no answer at all are one box too, and their skeletons stop', () => {
  const { container } = show(page({}, {}, {}));
  expect(container.querySelectorAll('.ant-skeleton')).toHaveLength(3);
  later(10_000);
  expect(screen.getAllByRole('alert')).toHaveLength(1);
  expect(screen.getByRole('alert')).toHaveTextContent('The server has not answered for 10 seconds.');
  expect(container.querySelector('.ant-skeleton')).toBeNull();
});

it('what concerns one list is said at that list', () => {
  const forbidden = { code: 'FORBIDDEN', message: 'needs list secrets in kube-system' };
  show(page({ error: forbidden }, { rows: ['web'] }));
  expect(screen.getByRole('alert')).toHaveTextContent('needs list secrets in kube-system');
  expect(screen.queryByTestId('waits-for-server')).toBeNull();
});

it('data that is no longer followed says as of when', () => {
  const { store } = show(page({ rows: ['web'] }));
  act(() => void store.dispatch(connected()));
  act(() => void store.dispatch(lost(Date.now())));
  later(9_000);
  expect(screen.queryByRole('alert')).toBeNull();
  later(3_000);
  expect(screen.getByRole('alert')).toHaveTextContent(/The data shown is from 1\d seconds ago\./);
  expect(screen.getByText('web')).toBeInTheDocument();
  act(() => void store.dispatch(connected()));
  expect(screen.queryByRole('alert')).toBeNull();
});

it('a connection that never opens is said, and that what is shown does not change by itself', () => {
  const { store } = show(page({ rows: ['web'] }));
  act(() => void store.dispatch(tried(Date.now())));
  later(9_000);
  act(() => void store.dispatch(tried(Date.now())));
  act(() => void store.dispatch(lost(Date.now())));
  expect(screen.queryByRole('alert')).toBeNull();
  later(3_000);
  expect(screen.getByRole('alert')).toHaveTextContent('The live connection to the server does not open.');
  act(() => void store.dispatch(connected()));
  expect(screen.queryByRole('alert')).toBeNull();
});

it('while the connection is live, one failed read concerns its part only', () => {
  const retry = vi.fn();
  const { store, rerender } = show(page({ error: away, retry }, { rows: ['web'] }));
  act(() => void store.dispatch(connected()));
  expect(screen.getAllByRole('alert')).toHaveLength(1);
  expect(screen.getByRole('alert')).toHaveTextContent('This part could not be read just now.');
  expect(screen.getByRole('alert')).not.toHaveTextContent('Commands');
  later(1_500);
  expect(retry).toHaveBeenCalledTimes(1);
  later(3_000);
  expect(retry).toHaveBeenCalledTimes(2);
  later(3_000);
  expect(retry).toHaveBeenCalledTimes(2);
  act(() => void store.dispatch(lost(Date.now())));
  expect(screen.getAllByRole('alert')).toHaveLength(1);
  expect(screen.getByRole('alert')).toHaveTextContent('Commands are refused until it is back.');
  rerender(page({ rows: ['api'] }, { rows: ['web'] }));
  expect(screen.queryByRole('alert')).toBeNull();
});

it('a server that does not answer is said once also while the connection is not found dead, and stays one box then', () => {
  const { store, rerender } = show(page({}, {}));
  act(() => void store.dispatch(connected()));
  later(10_000);
  const said = () => screen.getAllByRole('alert').map(({ textContent }) => textContent);
  expect(said()).toEqual([expect.stringContaining('The server has not answered for 10 seconds.')]);
  expect(screen.getByRole('alert')).toHaveTextContent('It is tried again by itself.');
  act(() => void store.dispatch(lost(Date.now())));
  later(12_000);
  expect(said()).toEqual([expect.stringContaining('The server has not answered for 10 seconds.')]);
  rerender(page({ rows: ['web'] }, { rows: ['api'] }));
  act(() => void store.dispatch(connected()));
  expect(screen.queryByRole('alert')).toBeNull();
});

it('a lost connection says that it is tried again by itself, where no part can be', () => {
  const { store } = show(page({ rows: ['web'] }));
  act(() => void store.dispatch(connected()));
  act(() => void store.dispatch(lost(Date.now())));
  later(12_000);
  expect(screen.getByRole('alert')).toHaveTextContent('It is tried again by itself.');
  expect(screen.queryByTestId('problem-retry')).toBeNull();
});
