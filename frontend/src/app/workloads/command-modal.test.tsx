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
  scaleWorkload: {
    __typename: 'OperationAccepted',
    position: '9',
    removed: [],
    operation: operation({ id: 'o' }),
  },
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

async function type(text: string) {
  await userEvent.clear(screen.getByTestId('command-replicas'));
  if (text) await userEvent.type(screen.getByTestId('command-replicas'), text);
}

it.each(['', '-1', '1.5', '10001', 'many'])(
  'keeps what is no number of replicas as it was typed, "%s", and sends nothing',
  async (text) => {
    const asked = answer(accepted);
    open();
    await type(`${text}{Enter}`);
    await userEvent.click(screen.getByTestId('command-submit'));
    expect(screen.getByTestId('command-replicas')).toHaveValue(text);
    expect(screen.getByText('A whole number from 0 to 10,000.')).toBeInTheDocument();
    expect(screen.getByTestId('command-submit')).toBeDisabled();
    expect(asked).toEqual([]);
  },
);

it('asks for the most the server takes when Enter is pressed', async () => {
  const asked = answer(accepted);
  const { close } = open();
  await type('10000{Enter}');
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
  expect(asked[0]?.variables).toMatchObject({ input: { replicas: 10_000 } });
});

it('says that zero stops all pods', async () => {
  open();
  expect(screen.queryByTestId('command-zero')).toBeNull();
  await type('0');
  expect(screen.getByTestId('command-zero')).toHaveTextContent('0 stops all pods of web.');
});

it('counts with the arrow keys, within what may be asked for', async () => {
  open();
  await userEvent.type(screen.getByTestId('command-replicas'), '{ArrowUp}{ArrowUp}');
  expect(screen.getByTestId('command-replicas')).toHaveValue('3');
  await userEvent.type(screen.getByTestId('command-replicas'), '{ArrowDown>5/}');
  expect(screen.getByTestId('command-replicas')).toHaveValue('0');
});
