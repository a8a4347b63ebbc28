// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { workloadRow } from '@/test/samples';
import { StateLine, since } from './state-line';

const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000 - 60_000).toISOString();
const cause = { message: { text: 'OOMKilled' }, since: '2026-01-02T00:00:00Z' };

it('a state says for how long it has lasted', () => {
  show(<StateLine workload={workloadRow({ name: 'web', stateSince: threeDaysAgo })} />);
  expect(screen.getByTestId('state-since')).toHaveTextContent('for 3d');
});

it('the time is that of the cause, which says it itself', () => {
  show(<StateLine workload={workloadRow({ name: 'web', stateSince: threeDaysAgo, cause })} />);
  expect(screen.queryByTestId('state-since')).toBeNull();
});

it('nothing is said of a state whose beginning is not known', () => {
  show(<StateLine workload={workloadRow({ name: 'web', stateSince: null })} />);
  expect(screen.queryByTestId('state-since')).toBeNull();
});

it.each([
  [null, threeDaysAgo, threeDaysAgo],
  [null, null, null],
  [cause, threeDaysAgo, cause.since],
  // The state may be older or newer than what is wrong now.
  [{ ...cause, since: null }, threeDaysAgo, null],
])('trouble lasts since its cause, anything else since its state: %o, %s', (cause, stateSince, expected) => {
  expect(since({ cause, stateSince })).toBe(expected);
});
