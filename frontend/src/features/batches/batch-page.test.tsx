// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { answerByName, show } from '@/test/render';
import { operation } from '@/test/samples';
import type { BatchRow } from './api';
import { verbsOf } from './batch-actions';
import { BatchPage } from './batch-page';
import { BatchList } from './list';

const { search, push } = vi.hoisted(() => ({ search: { now: '' }, push: vi.fn() }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/batches/b1',
  useRouter: () => ({ push }),
  useSearchParams: () => new URLSearchParams(search.now),
}));

const batch = (changes: Partial<BatchRow> = {}): BatchRow => ({
  id: 'b1',
  kind: 'ApplyManifests',
  state: 'RUNNING',
  total: 10,
  queued: 4,
  running: 2,
  succeeded: 3,
  failed: 1,
  cancelled: 0,
  unknown: 0,
  skipped: 0,
  actor: { id: 'u', displayName: 'Ada' },
  reason: 'release',
  requestedAt: '2026-01-01T00:00:00Z',
  finishedAt: null,
  ...changes,
});
const page = { hasNextPage: false, endCursor: null };
const members = { nodes: [operation({ id: 'o1', state: 'FAILED' })], pageInfo: page, totalCount: 1 };
const accepted = (id: string) => ({ __typename: 'BatchAccepted', position: '9', batch: { id, total: 3 } });

function open(changed: object = {}) {
  const requests = answerByName({
    Position: { server: { projectedPosition: '100' } },
    Batch: { batch: batch() },
    BatchMembers: { batch: { operations: members } },
    Clusters: { clusters: { nodes: [] } },
    CancelBatch: { cancelBatch: accepted('b1') },
    RetryBatch: { retryBatch: accepted('b2') },
    ...changed,
  });
  bindSocket(show(<BatchPage />).store);
  return (name: string) =>
    requests.filter(({ query }) => query.includes(` ${name}(`)).map(({ variables }) => variables as object);
}

beforeEach(() => {
  search.now = '';
  push.mockClear();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
});

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it('a batch says how far it is, live, and lists its operations', async () => {
  open();
  const progress = await screen.findByTestId('batch-progress');
  expect(progress).toHaveTextContent('4 of 10 done · 3 succeeded, 1 failed, 2 running, 4 queued');
  expect(await screen.findByTestId('batch-members')).toBeInTheDocument();
  const { violations } = await axe.run(document.body, {
    rules: { region: { enabled: false }, 'color-contrast': { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
  const [socket, subscription] = await vi.waitFor(() => {
    const [opened] = FakeSocket.opened;
    const found = opened?.subscriptions.find(({ variables }) => variables.id === 'b1');
    if (!opened || !found) throw new Error('not subscribed yet');
    return [opened, found] as const;
  });
  const done = batch({ state: 'FAILED', queued: 0, running: 0, succeeded: 8, failed: 2 });
  socket.next({ batchChanged: { position: '150', batch: done } }, subscription);
  expect(await screen.findByText(/10 of 10 done/)).toHaveTextContent('8 succeeded, 2 failed');
});

it('what is left of it can be cancelled', async () => {
  const asked = open();
  await userEvent.click(await screen.findByTestId('batch-cancel'));
  expect(await screen.findByTestId('command-batch-cancel')).toHaveTextContent('Cancels 6 operations');
  await userEvent.click(screen.getByTestId('command-submit'));
  await vi.waitFor(() => expect(screen.queryByTestId('command-batch-cancel')).toBeNull());
  expect(asked('CancelBatch')).toMatchObject([{ input: { id: 'b1' } }]);
  expect(push).not.toHaveBeenCalled();
});

it('what failed can be tried again, as another batch', async () => {
  open({
    Batch: { batch: batch({ state: 'FAILED', queued: 0, running: 0, failed: 2, skipped: 1, succeeded: 7 }) },
  });
  await userEvent.click(await screen.findByTestId('batch-retry'));
  expect(await screen.findByTestId('command-batch-retry')).toHaveTextContent('Requests 3 operations again');
  await userEvent.click(screen.getByTestId('command-submit'));
  await vi.waitFor(() => expect(push).toHaveBeenCalledWith('/batches/b2'));
});

it('a refusal stays in the dialog', async () => {
  const refused = {
    __typename: 'OperationRefused',
    code: 'FORBIDDEN',
    message: 'not yours',
    field: null,
    currentVersion: null,
  };
  open({ CancelBatch: { cancelBatch: refused } });
  await userEvent.click(await screen.findByTestId('batch-cancel'));
  await userEvent.click(await screen.findByTestId('command-submit'));
  expect(await screen.findByTestId('batch-refusal')).toHaveTextContent('Not allowed: not yours');
});

it('one that does not exist says so', async () => {
  open({ Batch: { batch: null } });
  expect(await screen.findByTestId('batch-missing')).toHaveTextContent('This batch does not exist');
});

it('the members of one state are asked of the server', async () => {
  search.now = 'state=FAILED';
  const asked = open();
  await screen.findByTestId('batch-members');
  expect(asked('BatchMembers')).toMatchObject([{ id: 'b1', states: ['FAILED'], first: 50 }]);
});

it.each([
  ['cancel', {}],
  ['retry', { state: 'FAILED', running: 0, queued: 0 }],
  ['nothing', { state: 'SUCCEEDED', running: 0, queued: 0, failed: 0 }],
] as const)('%s is what can be done', (verb, changes) => {
  expect(verbsOf(batch(changes))).toEqual(verb === 'nothing' ? [] : [verb]);
});

it('the list has each batch with its way and its progress', async () => {
  answerByName({
    Batches: { batches: { nodes: [batch()], pageInfo: page, totalCount: 1 } },
    Clusters: { clusters: { nodes: [] } },
  });
  show(<BatchList />);
  const entry = await screen.findByTestId('batch-entry');
  expect(entry).toHaveTextContent(/10 objects.*Running.*Ada.*“release”.*4 of 10 done/);
  expect(screen.getByTestId('batch-open')).toHaveAttribute('href', '/batches/b1');
});
