// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { OperationDetailFragment } from '@/graphql/generated/graphql';
import { answer, answerByName, show } from '@/test/render';
import { cause, operation } from '@/test/samples';
import type { Revision } from './api';
import './cancel-dialog'; // Loaded before a test waits for it.
import { OperationEntry } from './entry';
import { overtakingChange } from './overtaken';
import './retry-dialog';

vi.mock('next/navigation', () => ({
  usePathname: () => '/things',
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams('state=FAILED,RUNNING'),
}));

const missing = cause('Image web:typo was not found', [{ kind: 'CONTAINER', text: 'Waits (ErrImagePull)' }]);

function open(changes: Partial<OperationDetailFragment>) {
  show(<OperationEntry operation={operation({ id: 'o', ...changes })} />);
  return screen.getByTestId('operation-entry');
}

it('an operation that waits says what is in its way', () => {
  open({ stage: 'Waiting until its pod is available', cause: missing });
  expect(screen.getByTestId('cause')).toHaveTextContent('Image web:typo was not found');
  expect(screen.getByText('Waits (ErrImagePull)')).toBeInTheDocument();
});

it('a failed operation says its cause once', () => {
  const error = {
    code: 'NOT_READY',
    message: 'Image web:typo was not found',
    retryable: true,
    conflicts: [],
  };
  const entry = open({ state: 'FAILED', error, cause: missing });
  expect(entry).toHaveTextContent('Not ready');
  expect(screen.getAllByText(/was not found/)).toHaveLength(1);
});

it('a time-out keeps its own words beside the cause', () => {
  const error = { code: 'TIMED_OUT', message: 'It was not there in time', retryable: true, conflicts: [] };
  expect(open({ state: 'FAILED', error, cause: missing })).toHaveTextContent(
    'Timed out: It was not there in timeImage web:typo was not found',
  );
});

it('the drawer of an operation opens on the page that one is on', () => {
  open({});
  expect(screen.getByTestId('operation-open')).toHaveAttribute('href', '/things?state=FAILED,RUNNING&op=o');
});

it('an operation that succeeded has no cause', () => {
  open({ state: 'SUCCEEDED', cause: missing });
  expect(screen.queryByTestId('cause')).toBeNull();
});

it.each([
  ['kubectl-edit', 'kubectl-edit changed it: Replicas were changed from 5 to 1'],
  [null, 'Changed meanwhile: Replicas were changed from 5 to 1'],
])('an overtaken operation says who changed what: %s', (overtakenBy, text) => {
  const stage = 'Replicas were changed from 5 to 1';
  open({ state: 'OVERTAKEN', stage, overtakenBy, canCancel: false, canRetry: true });
  expect(screen.getByTestId('operation-state')).toHaveTextContent('Overtaken');
  expect(screen.getByTestId('operation-overtaken')).toHaveTextContent(text);
  expect(screen.getByTestId('operation-retry')).toHaveTextContent('Retry');
});

const revision = (changes: Partial<Revision>): Revision => ({
  position: '5',
  recordedAt: '2026-01-01T00:00:05Z',
  managers: ['kubectl-edit'],
  operation: null,
  changes: [{ path: '/spec/replicas', before: 5, after: 1, important: true }],
  ...changes,
});

it('an overtaken operation lists the fields that the other one changed', async () => {
  const nodes = [revision({}), revision({ position: '4', changes: [] })];
  answerByName({ ChangesOfTarget: { workload: { revisions: { nodes } } } });
  open({ state: 'OVERTAKEN', overtakenBy: 'kubectl-edit', finishedAt: '2026-01-01T00:00:04Z' });
  expect(await screen.findByText('replicas')).toBeInTheDocument();
  expect(screen.getByTestId('operation-overtaken')).toHaveTextContent('replicas 5 → 1');
});

it.each<[string, string | null, Partial<Revision>, boolean]>([
  ['of the manager that is named', 'kubectl-edit', {}, true],
  ['of whom nobody names', null, {}, true],
  ['of another manager', 'helm', {}, false],
  ['of an operation', null, { operation: { id: 'p' } }, false],
  ['before the request', null, { position: '3' }, false],
  ['long after the end', null, { recordedAt: '2026-01-01T00:00:30Z' }, false],
])('the change that overtook: one %s', (_, overtakenBy, changes, isIt) => {
  const ended = { overtakenBy, requestedPosition: '3', finishedAt: '2026-01-01T00:00:04Z' };
  const found = overtakingChange(ended, [revision(changes)]);
  expect(found !== undefined).toBe(isIt);
});

it.each([
  ['no reason was given', null, /^Cancelled by Bo · [^·]+ago$/],
  ['a reason was given', 'wrong image', /^Cancelled by Bo · .*ago · “wrong image”$/],
])('a cancelled operation names who cancelled it: %s', async (_, reason, words) => {
  const requested = { actor: { displayName: 'Bo' }, recordedAt: '2026-01-01T00:00:00Z', reason };
  const done = { actor: null, recordedAt: requested.recordedAt, reason: null };
  answerByName({ Cancellation: { auditEvents: { nodes: [done, requested] } } });
  open({ state: 'CANCELLED', stage: 'Cancelled' });
  expect(await screen.findByTestId('operation-cancellation')).toHaveTextContent(words);
});

it('a superseded operation names no canceller, and leads to the newer one', async () => {
  const entry = open({
    state: 'CANCELLED',
    stage: 'Superseded by a newer operation',
    canRetry: false,
    supersededBy: 'newer',
  });
  const link = await screen.findByRole('link', { name: 'Superseded by a newer operation' });
  expect(link).toHaveAttribute('href', '/things?state=FAILED,RUNNING&op=newer');
  expect(screen.getByTestId('operation-state')).toHaveTextContent('Superseded');
  expect(entry).not.toHaveTextContent('Cancelled');
  expect(screen.getAllByText('Superseded by a newer operation')).toHaveLength(1);
  expect(screen.queryByTestId('operation-retry')).toBeNull();
});

it('a cancellation is asked about first, names its object, and takes a reason', async () => {
  const requests = answer({
    cancelOperation: {
      __typename: 'OperationAccepted',
      position: '9',
      removed: [],
      operation: operation({ id: 'o' }),
    },
  });
  open({});
  await userEvent.click(screen.getByTestId('operation-cancel'));
  expect(await screen.findByText('Cancel: Scale web?')).toBeInTheDocument();
  expect(requests).toHaveLength(0);
  await userEvent.type(screen.getByTestId('command-reason'), 'wrong one');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel the operation' }));
  await vi.waitFor(() => expect(screen.queryByTestId('command-cancel')).toBeNull());
  expect(requests[0]?.variables).toMatchObject({ input: { id: 'o', reason: 'wrong one' } });
  expect(screen.getByTestId('operation-cancel')).toHaveFocus();
});

it.each([
  ['that left no object', null, '/workloads/new?from=o'],
  ['whose object is there', { id: 'web' }, null],
])('a failed creation %s can be edited and created again, or not', (_, workload, href) => {
  const target = { ...operation({ id: 'o' }).target, workload };
  open({ kind: 'CreateWorkload', state: 'FAILED', canCancel: false, target });
  const link = screen.queryByRole('link', { name: 'Edit and create again' });
  expect(link?.getAttribute('href') ?? null).toBe(href);
});

it('a retry is asked about like its action, for the object as it is now, and takes its own reason', async () => {
  const payload = { operation: 'o', intent: { ScaleWorkload: { replicas: 0 } } };
  const accepted = {
    __typename: 'OperationAccepted',
    position: '9',
    removed: [],
    operation: operation({ id: 'p' }),
  };
  // The object is read again while one writes.
  const requests = answerByName({
    RetryFacts: {
      auditEvents: { nodes: [{ payload }] },
      workload: { state: 'RUNNING', desiredReplicas: 6, images: ['web:2'] },
    },
    RetryOperation: { retryOperation: accepted },
  });
  const retries = () => requests.filter(({ query }) => query.includes('mutation'));
  open({ state: 'FAILED', canCancel: false, canRetry: true, reason: 'the old reason' });
  await userEvent.click(screen.getByTestId('operation-retry'));
  expect(await screen.findByTestId('retry-now')).toHaveTextContent('Now: Running, 6 replicas, web:2');
  const dialog = screen.getByTestId('command-retry');
  expect(dialog).toHaveTextContent('Sets the number of pods of web to 0.');
  expect(dialog).toHaveTextContent('0 stops all pods of web.');
  expect(dialog).toHaveTextContent('Way back: scale it to 6 again.');
  expect(screen.getByTestId('command-reason')).toHaveValue('');
  expect(retries()).toEqual([]);
  await userEvent.type(screen.getByTestId('command-reason'), 'again');
  await userEvent.click(screen.getByRole('button', { name: 'Scale web' }));
  await vi.waitFor(() => expect(screen.queryByTestId('command-retry')).toBeNull());
  expect(retries().map(({ variables }) => variables)).toMatchObject([
    { input: { id: 'o', reason: 'again' } },
  ]);
});
