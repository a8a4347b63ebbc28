// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { answer, show } from '@/test/render';
import { operation, workloadRow } from '@/test/samples';
import './command-modal'; // Loaded before a test waits for it.
import { Actions, verbsFor } from './actions';

const reload = async () => null;
const accepted = (verb: string) => ({
  [`${verb}Workload`]: { __typename: 'OperationAccepted', position: '9', operation: operation({ id: 'o' }) },
});

it.each(['{Escape}', '3{Enter}'])(
  'the focus goes back to where the dialog was opened from: %s',
  async (keys) => {
    answer(accepted('scale'));
    show(<Actions workload={workloadRow({ name: 'web' })} reload={reload} />);
    await userEvent.click(screen.getByTestId('action-scale'));
    expect(await screen.findByTestId('command-replicas')).toHaveFocus();
    await userEvent.keyboard(keys);
    await vi.waitFor(() => expect(screen.queryByTestId('command-scale')).toBeNull());
    expect(screen.getByTestId('action-scale')).toHaveFocus();
  },
);

it('the focus stays when Stop becomes Start', async () => {
  answer(accepted('stop'));
  const row = workloadRow({ name: 'web' });
  const { rerender } = show(<Actions workload={row} reload={reload} />);
  await userEvent.click(screen.getByTestId('action-stop'));
  await userEvent.click(await screen.findByTestId('command-submit'));
  await vi.waitFor(() => expect(screen.queryByTestId('command-stop')).toBeNull());
  rerender(<Actions workload={{ ...row, state: 'STOPPED' }} reload={reload} />);
  expect(screen.getByTestId('action-start')).toHaveFocus();
});

it('offers the verbs that make sense', () => {
  expect(verbsFor({ kind: 'DEPLOYMENT', state: 'RUNNING' })).toEqual(['scale', 'restart', 'stop', 'delete']);
  expect(verbsFor({ kind: 'DEPLOYMENT', state: 'STOPPED' })).toEqual(['scale', 'start', 'delete']);
  expect(verbsFor({ kind: 'JOB', state: 'COMPLETED' })).toEqual(['delete']);
});
