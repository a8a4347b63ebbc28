// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { connected, lost, tried } from '@/graphql/connection-slice';
import { show } from '@/test/render';
import { ConnectionPill } from './connection-pill';

it.each([
  [0, /^Connecting$/],
  [20_000, /^Not live: no connection$/],
])('a connection that does not open within %s ms', (ms, words) => {
  const { store } = show(<ConnectionPill />);
  act(() => void store.dispatch(tried(Date.now() - ms)));
  expect(screen.getByRole('status')).toHaveTextContent(words);
});

it.each([
  ['live', 0, /^Live$/],
  ['reconnecting', 5_000, /^Reconnecting, as of \d/],
  ['stale', 190_000, /^Offline, as of 3 minutes ago$/],
])('%s: says of when the data is, not only by a colour', (state, lostFor, words) => {
  const { store } = show(<ConnectionPill />);
  act(() => void store.dispatch(connected()));
  if (lostFor) act(() => void store.dispatch(lost(Date.now() - lostFor)));
  expect(screen.getByRole('status')).toHaveTextContent(words);
  expect(screen.getByTestId('connection')).toHaveAttribute('data-state', state);
});
