// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { buildSchema } from 'graphql';
import { expect, it, vi } from 'vitest';
import type { WorkloadState } from '@/graphql/generated/graphql';
import { Actions } from '@/resource/actions';
import '@/resource/action-dialog'; // Loaded before a test waits for it.
import { answer, show } from '@/test/render';
import { operation, workloadRow } from '@/test/samples';
import { actions, availableActions } from './actions';
import { workloadKinds } from './kinds';
import { workloadStates } from './states';

const accepted = (verb: string) => ({
  [`${verb}Workload`]: {
    __typename: 'OperationAccepted',
    position: '9',
    removed: [],
    operation: operation({ id: 'o' }),
  },
});

function buttons(row: ReturnType<typeof workloadRow>) {
  const available = availableActions(row).map((verb) => actions[verb]);
  return <Actions row={row} position="1" actions={available} accepted={() => {}} reload={async () => null} />;
}

it.each(['{Escape}', '3{Enter}'])(
  'the focus goes back to the button that opened the dialog: %s',
  async (keys) => {
    answer(accepted('scale'));
    show(buttons(workloadRow({ name: 'web' })));
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
  const { rerender } = show(buttons(row));
  await userEvent.click(screen.getByTestId('action-stop'));
  await userEvent.click(await screen.findByTestId('command-submit'));
  await vi.waitFor(() => expect(screen.queryByTestId('command-stop')).toBeNull());
  rerender(buttons({ ...row, state: 'STOPPED' }));
  expect(screen.getByTestId('action-start')).toHaveFocus();
});

it('every verb of the schema is an action, or has a page of its own', () => {
  const file = join(import.meta.dirname, '../../../../gateway/schema.graphql');
  const mutations = Object.keys(buildSchema(readFileSync(file, 'utf8')).getMutationType()?.getFields() ?? {});
  const verbs = mutations.flatMap((name) => /^(.*)Workload$/.exec(name)?.[1] ?? []);
  expect(verbs.sort()).toEqual(['create', ...Object.keys(actions)].sort());
});

// By kind, in the order of the catalogue of kinds; the rules of may_do in domain/src/target/decide.rs.
const offered: Partial<Record<WorkloadState, string[]>> = {
  RUNNING: [
    'scale restart stop delete',
    'scale restart stop delete',
    'restart delete',
    'scale stop delete',
    'stop delete',
    'stop delete',
  ],
  STOPPED: [
    'scale start delete',
    'scale start delete',
    'delete',
    'scale start delete',
    'start delete',
    'start delete',
  ],
  FAILED: [
    'scale restart stop delete',
    'scale restart stop delete',
    'restart delete',
    'scale stop delete',
    'delete',
    'stop delete',
  ],
  DELETING: ['', '', '', '', '', ''],
};

it.each(Object.entries(offered))('offers what the server takes in state %s', (state, expected) => {
  const found = workloadKinds.map((kind) =>
    availableActions({ kind, state: state as WorkloadState }).join(' '),
  );
  expect(found).toEqual(expected);
});

it('a Job that ended is not stopped, one that is suspended is started', () => {
  for (const state of workloadStates) {
    const verbs = availableActions({ kind: 'JOB', state });
    expect([state, verbs.includes('stop')]).toEqual([
      state,
      ['DEGRADED', 'UNKNOWN', 'PROGRESSING', 'RUNNING'].includes(state),
    ]);
    expect([state, verbs.includes('start')]).toEqual([state, ['STOPPED', 'SUSPENDED'].includes(state)]);
  }
});
