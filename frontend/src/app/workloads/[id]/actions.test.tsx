// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { answer, show } from '@/test/render';
import { operation, workloadRow } from '@/test/samples';
import '../command-modal'; // Loaded before a test waits for it.
import { Actions } from './actions';

const accepted = (verb: string) => ({
  [`${verb}Workload`]: {
    __typename: 'OperationAccepted',
    position: '9',
    removed: [],
    operation: operation({ id: 'o' }),
  },
});

it.each(['{Escape}', '3{Enter}'])(
  'the focus goes back to where the dialog was opened from: %s',
  async (keys) => {
    answer(accepted('scale'), { workload: null });
    show(<Actions workload={workloadRow({ name: 'web' })} />);
    await userEvent.click(screen.getByTestId('action-scale'));
    expect(await screen.findByTestId('command-replicas')).toHaveFocus();
    await userEvent.keyboard(keys);
    await vi.waitFor(() => expect(screen.queryByTestId('command-scale')).toBeNull());
    expect(screen.getByTestId('action-scale')).toHaveFocus();
  },
);

it('the focus stays when Stop becomes Start', async () => {
  answer(accepted('stop'), { workload: null });
  const row = workloadRow({ name: 'web' });
  const { rerender } = show(<Actions workload={row} />);
  await userEvent.click(screen.getByTestId('action-stop'));
  await userEvent.click(await screen.findByTestId('command-submit'));
  await vi.waitFor(() => expect(screen.queryByTestId('command-stop')).toBeNull());
  rerender(<Actions workload={{ ...row, state: 'STOPPED' }} />);
  expect(screen.getByTestId('action-start')).toHaveFocus();
});
