// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { ActionDialog } from '@/resource/action-dialog';
import { answer, show } from '@/test/render';
import { operation, workloadRow } from '@/test/samples';
import { actions } from './actions';

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

const now = {
  row: workloadRow({ name: 'web', version: '2', desiredReplicas: 7 }),
  position: '2',
  change: 'Changed by Ada: Scale, 1 minute ago.',
  summary: 'Now: Running, 7 replicas, busybox:1',
};

function open() {
  const close = vi.fn();
  const { store } = show(
    <ActionDialog
      action={actions.scale}
      version={{ row: workloadRow({ name: 'web', version: '1' }), position: '1' }}
      caution={null}
      close={close}
      accepted={() => {}}
      reload={async () => now}
    />,
  );
  return { close, store };
}

it('sends the version on the screen, and later reads wait for it', async () => {
  const requests = answer(accepted);
  const { close, store } = open();
  await userEvent.click(screen.getByTestId('command-submit'));
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
  expect(requests[0]?.variables).toMatchObject({
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

it('a conflict names who changed what, and the next try is for that version', async () => {
  const requests = answer(refused('CONFLICT'), accepted);
  open();
  await userEvent.click(screen.getByTestId('command-submit'));
  expect(await screen.findByText(now.change)).toBeInTheDocument();
  expect(screen.getByText(now.summary)).toBeInTheDocument();
  await userEvent.click(screen.getByTestId('command-reload'));
  expect(screen.queryByTestId('command-refusal')).toBeNull();
  expect(screen.getByLabelText('Replicas (now 7)')).toHaveValue('1');
  await userEvent.click(screen.getByTestId('command-submit'));
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  expect(requests[1]?.variables).toMatchObject({ input: { expectedVersion: '2' } });
});

async function type(text: string) {
  await userEvent.clear(screen.getByTestId('command-replicas'));
  if (text) await userEvent.type(screen.getByTestId('command-replicas'), text);
}

it.each(['', '-1', '1.5', '10001', 'many'])(
  'keeps a wrong number as it was typed, "%s", and sends nothing',
  async (text) => {
    const requests = answer(accepted);
    open();
    await type(`${text}{Enter}`);
    await userEvent.click(screen.getByTestId('command-submit'));
    expect(screen.getByTestId('command-replicas')).toHaveValue(text);
    expect(screen.getByText('Enter a whole number from 0 to 10,000.')).toBeInTheDocument();
    expect(screen.getByTestId('command-submit')).toBeDisabled();
    expect(requests).toEqual([]);
  },
);

it('Enter sends the highest number that the server takes', async () => {
  const requests = answer(accepted);
  const { close } = open();
  await type('10000{Enter}');
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
  expect(requests[0]?.variables).toMatchObject({ input: { replicas: 10_000 } });
});

it('says that zero stops all pods', async () => {
  open();
  expect(screen.queryByTestId('command-warning')).toBeNull();
  await type('0');
  expect(screen.getByTestId('command-warning')).toHaveTextContent('0 stops all pods of web.');
});

it('the arrow keys count within the allowed range', async () => {
  open();
  await userEvent.type(screen.getByTestId('command-replicas'), '{ArrowUp}{ArrowUp}');
  expect(screen.getByTestId('command-replicas')).toHaveValue('3');
  await userEvent.type(screen.getByTestId('command-replicas'), '{ArrowDown>5/}');
  expect(screen.getByTestId('command-replicas')).toHaveValue('0');
});

it('a command that fails is said by the code of its error', async () => {
  const error = { message: 'unknown field', extensions: { code: 'BAD_INPUT' } };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ errors: [error] })));
  open();
  await userEvent.click(screen.getByTestId('command-submit'));
  expect(await screen.findByTestId('command-refusal')).toHaveTextContent(
    /^The server does not accept this request\. .* \(unknown field\)$/,
  );
});
