// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { answer, show } from '@/test/render';
import { operation, workloadRow } from '@/test/samples';
import { CommandModal } from './command-modal';

const refused = (code: string, field: string | null = null) => ({
  scaleWorkload: { __typename: 'OperationRefused', code, message: 'at most 100', field, currentVersion: '2' },
});
const accepted = {
  scaleWorkload: { __typename: 'OperationAccepted', position: '9', operation: operation({ id: 'o' }) },
};

function open() {
  const close = vi.fn();
  const reload = vi.fn(async () => workloadRow({ name: 'web', version: '2', desiredReplicas: 7 }));
  const { store } = show(
    <CommandModal
      verb="scale"
      workload={workloadRow({ name: 'web', version: '1' })}
      close={close}
      accepted={() => {}}
      reload={reload}
    />,
  );
  return { close, store };
}

it('asks for the version that was seen, and later reads wait for the answer', async () => {
  const asked = answer(accepted);
  const { close, store } = open();
  await userEvent.click(screen.getByTestId('command-submit'));
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
  expect(asked[0]?.variables).toMatchObject({
    input: { id: 'web', expectedVersion: '1', replicas: 1, reason: null },
  });
  expect(store.getState().written.position).toBe('9');
});

it('shows a refusal next to the field it is about', async () => {
  answer(refused('INVALID', 'replicas'));
  open();
  await userEvent.click(screen.getByTestId('command-submit'));
  expect(await screen.findByText(/at most 100/)).toBeInTheDocument();
  expect(screen.queryByTestId('command-refusal')).toBeNull();
});

it('after a conflict shows what is there now and asks for that version', async () => {
  const asked = answer(refused('CONFLICT'), accepted);
  open();
  await userEvent.click(screen.getByTestId('command-submit'));
  await userEvent.click(await screen.findByTestId('command-reload'));
  expect(await screen.findByText('Now: Running, 7 replicas, busybox:1')).toBeInTheDocument();
  await userEvent.click(screen.getByTestId('command-submit'));
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]?.variables).toMatchObject({ input: { expectedVersion: '2' } });
});
