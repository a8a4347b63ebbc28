// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { buildSchema } from 'graphql';
import { expect, it, vi } from 'vitest';
import { Actions } from '@/resource/actions';
import '@/resource/action-dialog'; // Loaded before a test waits for it.
import { answer, show } from '@/test/render';
import { available, operation, workloadDetail } from '@/test/samples';
import { actions, offers } from './actions';

type Available = ReturnType<typeof workloadDetail>['availableActions'][number];

const accepted = (verb: string) => ({
  [`${verb}Workload`]: {
    __typename: 'OperationAccepted',
    position: '9',
    removed: [],
    operation: operation({ id: 'o' }),
  },
});

const allowed = (action: string, caution?: string, code = 'CAUTION'): Available =>
  available(action, { caution: caution ? { code, text: caution } : null });
const refused = (action: string, text: string): Available =>
  available(action, { allowed: false, reason: { text } });
const unsupported = (action: string): Available => ({ ...refused(action, 'never'), supported: false });

function buttons(...availableActions: Available[]) {
  const row = workloadDetail({ name: 'web', availableActions });
  return (
    <Actions row={row} position="1" offers={offers(row)} accepted={() => {}} reload={async () => null} />
  );
}

it.each(['{Escape}', '3{Enter}'])(
  'the focus goes back to the button that opened the dialog: %s',
  async (keys) => {
    answer(accepted('scale'));
    show(buttons(allowed('SCALE')));
    await userEvent.click(screen.getByTestId('action-scale'));
    expect(await screen.findByTestId('command-replicas')).toHaveFocus();
    await userEvent.keyboard(keys);
    await vi.waitFor(() => expect(screen.queryByTestId('command-scale')).toBeNull());
    expect(screen.getByTestId('action-scale')).toHaveFocus();
  },
);

it('the focus stays on a button whose action is no longer allowed', async () => {
  answer(accepted('stop'));
  const { rerender } = show(buttons(allowed('STOP')));
  await userEvent.click(screen.getByTestId('action-stop'));
  await userEvent.click(await screen.findByTestId('command-submit'));
  await vi.waitFor(() => expect(screen.queryByTestId('command-stop')).toBeNull());
  rerender(buttons(refused('STOP', 'It is stopped already')));
  expect(screen.getByTestId('action-stop')).toHaveFocus();
});

it('every verb of the schema is an action, or has a page of its own', () => {
  const file = join(import.meta.dirname, '../../../../gateway/schema.graphql');
  const mutations = Object.keys(buildSchema(readFileSync(file, 'utf8')).getMutationType()?.getFields() ?? {});
  const verbs = mutations.flatMap((name) => /^(.*)Workload$/.exec(name)?.[1] ?? []);
  expect(verbs.sort()).toEqual(['create', ...Object.keys(actions)].sort());
});

it('offers what the server names, but for what the kind can never do and what is not known here', () => {
  const { availableActions } = workloadDetail({
    name: 'web',
    availableActions: [
      unsupported('SCALE'),
      unsupported('RESTART'),
      refused('STOP', 'The Job has ended'),
      unsupported('START'),
      allowed('DELETE', 'CronJob tidy may create it again'),
      available('EVICT', { hasParameters: true }),
    ],
  });
  expect(offers({ availableActions })).toEqual([
    { action: actions.stop, refusal: 'The Job has ended', caution: null },
    { action: actions.delete, refusal: null, caution: 'CronJob tidy may create it again' },
  ]);
});

it('an action that needs no input is offered in the words of the server', async () => {
  const label = 'Pause the rollout';
  const pause = available('PAUSE_ROLLOUT', { verb: 'PauseRollout', label, effect: 'Changes wait' });
  const requests = answer({ pauseRollout: accepted('pause').pauseWorkload });
  show(buttons(pause));
  expect(screen.getByTestId('action-pause-rollout')).toHaveTextContent(label);
  await userEvent.click(screen.getByTestId('action-pause-rollout'));
  expect(await screen.findByText('Changes wait.')).toBeInTheDocument();
  await userEvent.click(screen.getByTestId('command-submit'));
  await vi.waitFor(() => expect(screen.queryByTestId('command-pause-rollout')).toBeNull());
  expect(requests[0]?.query).toContain('pauseRollout(input: $input)');
  expect(requests[0]?.variables).toMatchObject({ input: { id: workloadDetail({ name: 'web' }).id } });
});

it('what is not allowed keeps its place and says why, to the keyboard too', async () => {
  show(buttons(refused('RESTART', 'Its rollout is paused: resume it first')));
  const button = screen.getByTestId('action-restart');
  expect(button).toHaveAttribute('aria-disabled', 'true');
  expect(button).toHaveAccessibleDescription('Its rollout is paused: resume it first');
  await userEvent.tab();
  expect(button).toHaveFocus();
  expect(await screen.findByRole('tooltip')).toHaveTextContent('Its rollout is paused');
  await userEvent.keyboard('{Enter}');
  await userEvent.click(button);
  expect(screen.queryByTestId('command-restart')).toBeNull();
});

it('the dialog gives the caution before the question', async () => {
  show(buttons(allowed('SCALE', 'Autoscaler web sets its replicas, from 1 to 2')));
  await userEvent.click(screen.getByTestId('action-scale'));
  const caution = await screen.findByTestId('command-caution');
  expect(caution).toHaveTextContent('Autoscaler web sets its replicas, from 1 to 2');
  const question = screen.getByText('Sets the number of pods of web.');
  expect(caution.compareDocumentPosition(question) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
});

it.each([
  ['RESTARTS_ON_DELETE', /a pod is replaced only when somebody deletes it/],
  ['SCALED_BY_OTHERS', /Its update strategy decides when and how/],
])('a restart promises new pods only where it makes them: %s', async (code, effect) => {
  show(buttons(allowed('RESTART', 'Its 3 pods change only when they are deleted', code)));
  await userEvent.click(screen.getByTestId('action-restart'));
  expect(await screen.findByTestId('command-restart')).toHaveTextContent(effect);
});

it('a deletion waits for the typed name, and says that there is no way back', async () => {
  const requests = answer(accepted('delete'));
  show(buttons(allowed('DELETE')));
  await userEvent.click(screen.getByTestId('action-delete'));
  expect(await screen.findByTestId('command-way-back')).toHaveTextContent('This cannot be undone.');
  expect(screen.getByTestId('place')).toHaveTextContent('local, shop');
  expect(screen.getByTestId('command-submit')).toBeDisabled();
  await userEvent.type(screen.getByTestId('command-typed-name'), 'web');
  await userEvent.click(screen.getByRole('button', { name: 'Delete web' }));
  await vi.waitFor(() => expect(requests).toHaveLength(1));
});
