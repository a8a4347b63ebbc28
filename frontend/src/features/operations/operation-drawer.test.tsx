// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { OperationDetailFragment } from '@/graphql/generated/graphql';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { useOffered } from '@/resource/offered';
import { FakeSocket } from '@/test/fake-socket';
import { answerByName, show } from '@/test/render';
import { cause, operation } from '@/test/samples';
import { changesBefore } from './before';
import { OpenOperation } from './open-operation';
import './operation-drawer'; // Loaded before a test waits for it.

const { search } = vi.hoisted(() => ({ search: { now: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/workloads',
  useSearchParams: () => new URLSearchParams(search.now),
}));

const stage = {
  name: 'wait-until-ready',
  state: 'RUNNING' as const,
  startedAt: '2026-01-01T00:00:02Z',
  finishedAt: null,
  message: '2 of 4 available',
  calls: [
    {
      kind: 'READ' as const,
      objectId: 'Deployment~c~shop~web',
      at: '2026-01-01T00:00:04Z',
      outcome: 'FAILED' as const,
      message: 'Trying again in 1 s: busy',
    },
  ],
  callCount: 3,
  apiCalls: [
    {
      verb: 'GET',
      path: '/apis/apps/v1/namespaces/shop/deployments/web',
      at: '2026-01-01T00:00:03.500Z',
      tookMs: 12,
      status: 200,
      auditId: '5f0c-1',
    },
    {
      verb: 'GET',
      path: '/apis/apps/v1/namespaces/shop/deployments/web',
      at: '2026-01-01T00:00:04Z',
      tookMs: 20_000,
      status: null,
      auditId: null,
    },
  ],
};
const running = (changes: Partial<OperationDetailFragment> = {}) =>
  operation({
    id: 'o',
    reason: 'more memory',
    startedAt: '2026-01-01T00:00:01Z',
    deadline: '2026-01-01T00:10:01Z',
    waitsFor: { text: '2 of 4 available. It ends early if somebody else changes what it wrote' },
    stages: [stage],
    cause: cause('Container app is not ready'),
    ...changes,
  });
const changed = {
  position: '5',
  recordedAt: '2026-01-01T00:00:02Z',
  managers: ['binnacle'],
  operation: { id: 'o' },
  changes: [{ path: '/spec/replicas', before: 1, after: 4, important: true }],
};
const byKubectl = {
  ...changed,
  position: '2',
  recordedAt: '2025-12-31T23:50:00Z',
  managers: ['kubectl'],
  operation: null,
};
const restarted = {
  id: 'before',
  kind: 'RestartWorkload',
  state: 'FAILED' as const,
  reason: 'see whether it comes up',
  requestedAt: '2025-12-31T23:59:00Z',
  actor: { displayName: 'Grace' },
};

function open(found: OperationDetailFragment | null, at = 'state=FAILED&op=o') {
  search.now = at;
  history.replaceState(null, '', `/workloads?${at}`);
  answerByName({
    Position: { server: { projectedPosition: '100' } },
    Operation: { operation: found },
    ChangesOfTarget: { workload: { revisions: { nodes: [changed, byKubectl] } } },
    BeforeOperation: { operations: { nodes: [restarted] } },
  });
  const { store } = show(
    <>
      <OpenOperation />
      <Palette />
    </>,
  );
  bindSocket(store);
}

const offered = { now: [] as string[] };
function Palette() {
  offered.now = useOffered().map(({ words }) => words);
  return null;
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
});

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it('the address opens it: who and why, what changed, the stages as bars, the cause, and what will end it', async () => {
  open(running());
  const shown = await screen.findByTestId('operation-detail');
  expect(screen.getByRole('dialog')).toHaveTextContent('Scale web');
  for (const text of ['Ada', 'more memory', 'Container app is not ready'])
    expect(shown).toHaveTextContent(text);
  expect(offered.now).toEqual(['Scale web: Cancel']);
  await within(shown).findAllByText('replicas');
  expect(shown).toHaveTextContent('replicas 1 → 4');
  const [inLine, waits] = within(shown).getAllByTestId('operation-bar');
  expect(inLine).toHaveTextContent(/^In line1s$/);
  expect(waits).toHaveTextContent(/^Wait until ready.*Running2 of 4 available/);
  expect(within(shown).getByTestId('operation-calls')).toHaveTextContent(
    /^2 earlier callsGET Deployment web \d+:00:04.000 had no effect · Trying again in 1 s: busy$/,
  );
  expect(waits?.querySelector('.call-mark')).toHaveClass('call-failed');
  const made = within(shown).getByTestId('api-calls');
  expect(made).not.toHaveAttribute('open');
  expect(made).toHaveTextContent(
    /^2 API callsGET \/apis\/apps\/v1\/namespaces\/shop\/deployments\/web 200 .*audit id 5f0c-1/,
  );
  expect(made.querySelector('[data-status=none]')).toHaveTextContent(/no answer.*20s$/);
  expect(screen.getByTestId('operation-endings')).toHaveTextContent(
    /Waits for2 of 4 available. It ends early if.*Deadline.*:10:01.*; then it fails/,
  );
  expect(screen.getByTestId('operation-endings')).toHaveTextContent(
    'when as many pods as requested are available',
  );
  expect(within(shown).getByTestId('operation-cancel')).toBeInTheDocument();
  expect(screen.getByText(/^\d+:00:00.* to now$/)).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Open as a page' })).toHaveAttribute('href', '/operations/o');
  const { violations } = await axe.run(screen.getByRole('dialog'));
  expect(violations.map(({ id }) => id)).toEqual([]);
});

it('what was done to the object before stands below', async () => {
  open(running());
  const before = await screen.findByTestId('operation-before');
  const [first, second] = within(before)
    .getAllByRole('listitem')
    .filter((item) => item.querySelector('.timeline-mark'));
  expect(first).toHaveTextContent(/Grace · Restart shop\/web ?Failed · “see whether it comes up”/);
  expect(second).toHaveTextContent(/kubectl · Changed shop\/web.*replicas 1 → 4/);
});

it('only what was recorded before it, and not itself, is before an operation', () => {
  const itself = { ...restarted, id: 'o' };
  const later = { ...restarted, id: 'later', requestedAt: '2026-01-01T00:00:01Z' };
  const small = { ...byKubectl, changes: byKubectl.changes.map((one) => ({ ...one, important: false })) };
  expect(changesBefore(running(), [itself, later], [changed, small])).toEqual([]);
  expect(changesBefore(running(), [restarted], [byKubectl]).map(({ at }) => at)).toEqual([
    restarted.requestedAt,
    byKubectl.recordedAt,
  ]);
});

it('it follows the operation to its end, after which nothing is said to end it', async () => {
  open(running());
  await screen.findByTestId('operation-endings');
  const [socket, subscription] = await vi.waitFor(() => {
    const [opened] = FakeSocket.opened;
    const own = opened?.subscriptions.find(({ variables }) => variables.id === 'o');
    if (!opened || !own) throw new Error('not subscribed yet');
    return [opened, own] as const;
  });
  const done = running({ state: 'SUCCEEDED', finishedAt: '2026-01-01T00:00:09Z', canCancel: false });
  socket.next({ operationChanged: { position: '150', operation: done } }, subscription);
  await vi.waitFor(() =>
    expect(screen.getByTestId('operation-detail')).toHaveAttribute('data-state', 'SUCCEEDED'),
  );
  expect(screen.queryByTestId('operation-endings')).toBeNull();
});

it('closing it leaves the page with its filters', async () => {
  open(running());
  await screen.findByTestId('operation-detail');
  await userEvent.keyboard('{Escape}');
  expect(location.pathname + location.search).toBe('/workloads?state=FAILED');
});

it.each([
  ['CreateWorkload', 'Deployment', 'when all pods that it wants are available'],
  ['CreateWorkload', 'Job', 'when its last stage is done'],
  ['DeleteWorkload', 'CronJob', 'when the object and what it owns are gone'],
  ['VerbOfANewerServer', 'Deployment', 'when its last stage is done'],
])('%s of a %s succeeds %s', async (verb, kind, words) => {
  open(running({ kind: verb, target: { ...running().target, kind } }));
  expect(await screen.findByTestId('operation-endings')).toHaveTextContent(words);
});

it('an operation that does not exist is not waited for', async () => {
  open(null);
  expect(await screen.findByText(/This operation does not exist/)).toBeInTheDocument();
});

it('without an operation in the address nothing is open', () => {
  open(running(), 'state=FAILED');
  expect(screen.queryByRole('dialog')).toBeNull();
});
