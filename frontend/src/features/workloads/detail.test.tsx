// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bindSocket, closeSocket } from '@/graphql/socket';
import '@/resource/action-dialog'; // Loaded before a test waits for it.
import '@/features/operations/in-flight';
import './overview';
import './schedule';
import { FakeSocket } from '@/test/fake-socket';
import { answerByName, show } from '@/test/render';
import { available, cause, container, operation, podDetail, workloadDetail } from '@/test/samples';
import { WorkloadDetail } from './detail';

const { search, path } = vi.hoisted(() => ({
  search: { now: '' },
  path: { now: '' },
}));
vi.mock('next/navigation', () => ({
  usePathname: () => path.now,
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams(search.now),
}));

const ID = 'Deployment~c~shop~web';

/** A machine that compiles meanwhile is slow. */
const PATIENCE = { timeout: 10_000 };

const last = (lastPosition: string) => ({
  operations: {
    nodes: [
      {
        kind: 'RestartWorkload',
        lastPosition,
        requestedAt: new Date().toISOString(),
        actor: { displayName: 'Ada' },
      },
    ],
  },
});
const answers = {
  Position: { server: { projectedPosition: '100' } },
  Workload: { workload: workloadDetail({ name: 'web', desiredReplicas: 7 }) },
  Operations: { operations: { nodes: [], pageInfo: { hasNextPage: false } } },
  ScaleWorkload: {
    scaleWorkload: { __typename: 'OperationRefused', code: 'CONFLICT', message: '', currentVersion: '2' },
  },
};

function open(changed: object) {
  answerByName({ ...answers, ...changed });
  const { store, rerender } = show(<WorkloadDetail />);
  bindSocket(store);
  return () => rerender(<WorkloadDetail />);
}

function subscribed() {
  return vi.waitFor(() => {
    const [opened] = FakeSocket.opened;
    const ofWorkload = opened?.subscriptions.find(({ variables }) => 'filter' in variables);
    if (!opened || !ofWorkload) throw new Error('not subscribed yet');
    return [opened, ofWorkload] as const;
  }, PATIENCE);
}

/** The change that the command will conflict with, on the page behind the dialog. */
async function changeArrives() {
  const [socket, subscription] = await subscribed();
  const workload = workloadDetail({ name: 'web', state: 'PROGRESSING' });
  socket.next(
    { workloadChanged: { position: '150', kind: 'CHANGED', workloadId: ID, workload } },
    subscription,
  );
  expect(await screen.findByText('Progressing')).toBeInTheDocument();
}

beforeEach(() => {
  search.now = 'tab=history';
  path.now = `/workloads/${ID}`;
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
});

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it.each([
  ['101', /^Changed by Ada: Restart, /],
  ['99', /^Changed outside Binnacle/],
])('a conflict names who changed the workload after it was read: %s', async (position, who) => {
  open({ LastOperation: last(position) });
  await userEvent.click(await screen.findByTestId('action-scale'));
  await changeArrives();
  await userEvent.click(await screen.findByTestId('command-submit'));
  expect(await screen.findByText(who)).toBeInTheDocument();
  expect(screen.getByText('Now: Running, 7 replicas, busybox:1')).toBeInTheDocument();
});

it('the page gives the cause and what owns the workload, and the tab its numbers', async () => {
  search.now = '';
  const owner = { id: 'CronJob~c~shop~tidy', kind: 'CRON_JOB' as const, name: 'tidy' };
  const row = workloadDetail({
    name: 'tidy-1',
    kind: 'JOB',
    state: 'DEGRADED',
    desiredReplicas: 3,
    active: 1,
    succeeded: 2,
    failed: 4,
    owner,
    summary: { text: '2 of 3 completions, 1 active, 4 failed' },
    cause: cause('Exit code 3. Container sum ended'),
  });
  open({ Workload: { workload: row }, Pods: { pods: { nodes: [], pageInfo: { hasNextPage: false } } } });
  expect(await screen.findByTestId('cause')).toHaveTextContent('Exit code 3. Container sum ended');
  expect(screen.getByTestId('detail-state')).toHaveTextContent('2 of 3 completions, 1 active, 4 failed');
  expect(await screen.findByTestId('detail-counts')).toHaveTextContent(
    '3 completions needed · 1 active · 2 succeeded · 4 failed',
  );
  expect(screen.getByTestId('detail-owner')).toHaveAttribute('href', '/workloads/CronJob~c~shop~tidy');
});

const stuck = workloadDetail({
  id: 'Deployment~c~shop~web',
  name: 'web',
  state: 'ROLLOUT_STUCK',
  desiredReplicas: 2,
  updatedReplicas: 1,
  availableReplicas: 2,
  summary: { text: 'The rollout is stuck, and the old version serves 2 of 2' },
  manifest: {
    spec: {
      template: { spec: { containers: [{ name: 'app', resources: { limits: { memory: '256Mi' } } }] } },
    },
  },
  cause: {
    ...cause('Image web:typo was not found', [], 'IMAGE_NOT_FOUND'),
    since: '2026-01-01T12:00:00Z',
  },
});
const scaled = {
  at: '2026-01-01T11:58:00Z',
  objectId: ID,
  isDeletion: false,
  operation: {
    id: 'o',
    kind: 'ScaleWorkload',
    state: 'SUCCEEDED',
    reason: 'less of it',
    actor: { displayName: 'Ada' },
  },
  revision: null,
};
const page = { pageInfo: { hasNextPage: false } };
const only = (one: object) => ({ operations: { nodes: [one], ...page } });
const before = (latestChange: object | null) => ({ workload: { latestChange } });

it.each(['', 'tab=pods', 'tab=history'])(
  'the cause stands above the tab, with what changed before it and one next step: %s',
  async (tab) => {
    search.now = tab;
    open({
      Workload: { workload: stuck },
      Pods: { pods: { nodes: [], ...page } },
      JustBefore: before(scaled),
    });
    const block = await screen.findByTestId('cause');
    if (tab) {
      // One line, so that the tab has the room.
      expect(block).toHaveTextContent(/^Image web:typo was not found · Began .* agoMore$/);
      expect(screen.queryByTestId('just-before')).toBeNull();
      await userEvent.click(screen.getByRole('button', { name: 'More' }));
      expect(screen.getByRole('button', { name: 'Less' })).toHaveFocus();
    } else expect(screen.queryByRole('button', { name: 'More' })).toBeNull();
    expect(await screen.findByTestId('just-before')).toHaveTextContent(
      /^Just before: Ada · Scale · .*ago · “less of it” · What changed$/,
    );
    expect(screen.getByTestId('next-step')).toHaveTextContent('Next: See what changed last in web');
    expect(block.compareDocumentPosition(screen.getByRole('tablist'))).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  },
);

it('where nothing changed before the cause, that is said', async () => {
  search.now = '';
  open({ Workload: { workload: stuck }, JustBefore: before(null) });
  expect(await screen.findByTestId('just-before')).toHaveTextContent(
    'No change was recorded in the 30 minutes before.',
  );
});

it.each([
  ['UNAVAILABLE', 'No cause is known yet.'],
  ['RUNNING', null],
] as const)('a workload that is %s and has no cause: %s', async (state, words) => {
  open({ Workload: { workload: workloadDetail({ name: 'web', state }) } });
  await screen.findByTestId('detail-state');
  if (words) expect(screen.getByTestId('cause')).toHaveTextContent(words);
  else expect(screen.queryByTestId('cause')).toBeNull();
});

it('the overview has the pods of both versions, and the containers with their limits', async () => {
  search.now = '';
  const pod = (name: string, hash: string, changes: object) =>
    podDetail({
      name,
      labels: { 'pod-template-hash': hash },
      containers: [container({ name: 'app', memoryLimitBytes: 256 * 1_024 ** 2, image: `web:${hash}` })],
      ...changes,
    });
  const nodes = [
    pod('a', 'old', {}),
    pod('b', 'old', {}),
    pod('c', 'new', { ready: false, createdAt: '2026-01-01T11:58:00Z' }),
  ];
  open({ Workload: { workload: stuck }, Pods: { pods: { nodes, ...page } }, JustBefore: before(null) });
  const [now, old] = await screen.findAllByTestId('version');
  expect(now).toHaveTextContent(/^New versionnew0 of 1 ready.*web:new$/);
  expect(old).toHaveTextContent(/^Old versionoldstill serves with 2 of 2.*web:old$/);
  expect(screen.getByTestId('detail-counts')).toHaveTextContent(
    '2 desired · 1 updated · 1 ready · 2 available',
  );
  expect(screen.getByTestId('container-row')).toHaveTextContent('memory – / 256Mi');
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

const restart = operation({
  id: 'o',
  kind: 'RestartWorkload',
  stage: 'Waiting until 3 of 5 replicas are ready',
  stages: [
    {
      name: 'wait-until-ready',
      state: 'RUNNING',
      startedAt: null,
      finishedAt: null,
      message: null,
      calls: [],
      callCount: 0,
      apiCalls: [],
    },
  ],
  cause: stuck.cause,
  target: { ...operation({ id: 'o' }).target, workload: { id: ID } },
});

it.each(['', 'tab=pods'])(
  'an operation in flight stands above the tabs, until it is over: %s',
  async (tab) => {
    search.now = tab;
    open({
      Workload: { workload: { ...stuck, id: ID } },
      Operations: only(restart),
      Pods: { pods: { nodes: [], ...page } },
      JustBefore: before(null),
    });
    const block = await screen.findByTestId('in-flight', undefined, PATIENCE);
    expect(block).toHaveTextContent(
      /Restart.*Running.*Ada.*ago.*Wait until ready · Waiting until 3 of 5 replicas are ready/,
    );
    expect(within(block).getByTestId('operation-open')).toHaveAttribute(
      'href',
      expect.stringContaining('op=o'),
    );
    expect(within(block).getByRole('button', { name: 'Cancel' })).toBeVisible();
    // The page gives the cause itself.
    expect(within(block).queryByTestId('cause')).toBeNull();
    expect(block.compareDocumentPosition(screen.getByRole('tablist'))).toBe(Node.DOCUMENT_POSITION_FOLLOWING);

    const [socket, subscription] = await vi.waitFor(() => {
      const [opened] = FakeSocket.opened;
      const ofOperations = opened?.subscriptions.find(({ variables }) => variables.cluster === 'c');
      if (!opened || !ofOperations) throw new Error('not subscribed yet');
      return [opened, ofOperations] as const;
    }, PATIENCE);
    const over = { ...restart, state: 'SUCCEEDED' };
    socket.next({ operationChanged: { position: '150', operation: over } }, subscription);
    await vi.waitFor(() => expect(screen.queryByTestId('in-flight')).toBeNull(), PATIENCE);
  },
);

it('without an operation in flight nothing stands in its place', async () => {
  open({ Workload: { workload: workloadDetail({ name: 'web' }) } });
  expect(await screen.findByText('Nothing was recorded about it yet.')).toBeVisible();
  expect(screen.queryByTestId('in-flight')).toBeNull();
});

it('l opens the logs', async () => {
  open({});
  await screen.findByTestId('detail-state');
  history.replaceState(null, '', '/');
  await userEvent.keyboard('l');
  expect(location.pathname + location.search).toBe(`/workloads/${ID}?tab=logs`);
});

it.each(['e', 't'])('%s does nothing until there is something to edit, or a terminal', async (key) => {
  open({});
  await screen.findByTestId('detail-state');
  history.replaceState(null, '', '/');
  await userEvent.keyboard(key);
  expect(location.pathname + location.search).toBe('/');
  expect(screen.queryByRole('dialog')).toBeNull();
});

it.each([
  ['offered', true, true],
  ['not allowed now', true, false],
  ['never possible', false, false],
])('r opens the confirmation of a restart where the server offers it: %s', async (_, supported, allowed) => {
  const reason = allowed ? null : { text: 'not now' };
  const availableActions = [available('RESTART', { supported, allowed, reason })];
  open({ Workload: { workload: workloadDetail({ name: 'web', availableActions }) } });
  await screen.findByTestId('detail-state');
  history.replaceState(null, '', '/');
  await userEvent.keyboard('r');
  if (allowed) {
    expect(await screen.findByTestId('command-restart')).toBeInTheDocument();
    return;
  }
  // What is pressed next comes through, as no dialog is in its way.
  await userEvent.keyboard('l');
  await vi.waitFor(() => expect(location.search).toBe('?tab=logs'));
  expect(screen.queryByTestId('command-restart')).toBeNull();
});

it('a CronJob has runs, and no pods of its own', async () => {
  open({ Workload: { workload: workloadDetail({ name: 'tidy', kind: 'CRON_JOB' }) } });
  expect(await screen.findByRole('tab', { name: 'Runs' })).toBeInTheDocument();
  expect(screen.queryByRole('tab', { name: 'Pods' })).toBeNull();
});

it('a stopped workload has no pods', async () => {
  open({
    Workload: {
      workload: workloadDetail({ name: 'web', state: 'STOPPED', desiredReplicas: 0, readyReplicas: 0 }),
    },
  });
  await vi.waitFor(() => expect(screen.getByTestId('detail-ready')).toHaveTextContent('No pods'), PATIENCE);
});

const gone = { nodes: [{ position: '40', recordedAt: '2026-01-02T00:00:00Z' }] };
const deletion = (changes: object) => ({
  id: 'd',
  kind: 'DeleteWorkload',
  state: 'SUCCEEDED',
  actor: { displayName: 'Ada' },
  reason: 'moved away',
  requestedPosition: '30',
  finishedAt: '2026-01-02T00:00:01Z',
  ...changes,
});

it.each([
  ['by an operation', deletion({}), /deleted by Ada · operation“moved away”/],
  ['by others, after a deletion', deletion({ finishedAt: '2026-01-01T00:00:00Z' }), /No operation is known/],
  ['by others, before a deletion', deletion({ requestedPosition: '50' }), /No operation is known/],
  ['by others, after a restart', deletion({ kind: 'RestartWorkload' }), /No operation is known/],
  ['by others, after a failure', deletion({ state: 'FAILED' }), /No operation is known/],
])('a workload that is gone says since when and by whom: %s', async (_, operation, who) => {
  open({
    Workload: { workload: null },
    Deletion: { auditEvents: gone, operations: { nodes: [operation] } },
  });
  const box = await screen.findByTestId('workload-gone');
  expect(box).toHaveTextContent(/^This workload was deleted\.Deleted .+ago/);
  expect(box).toHaveTextContent(who);
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('web');
  expect(screen.getByRole('link', { name: 'All workloads' })).toBeInTheDocument();
  expect(await screen.findByText('There were no operations on this object.')).toBeInTheDocument();
});

it('a workload that goes while it is looked at says so once the audit log has it', async () => {
  const known = { auditEvents: gone, operations: { nodes: [deletion({})] } };
  const late = { auditEvents: { nodes: [] }, operations: { nodes: [] } };
  open({ Deletion: late });
  const [socket, subscription] = await subscribed();
  socket.next(
    { workloadChanged: { position: '150', kind: 'REMOVED', workloadId: ID, workload: null } },
    subscription,
  );
  expect(await screen.findByTestId('workload-gone')).toHaveTextContent('Its last observed state is shown');
  answerByName({ ...answers, Deletion: known });
  expect(await screen.findByTestId('deletion')).toHaveTextContent('deleted by Ada');
});

it('a CronJob that goes while it is looked at has no next run any more', async () => {
  search.now = '';
  const schedule = { expression: '* * * * *', timeZone: 'UTC', lastRunAt: null };
  open({ Workload: { workload: workloadDetail({ id: ID, name: 'web', kind: 'CRON_JOB', schedule }) } });
  expect(await screen.findByTestId('next-run', undefined, PATIENCE)).toBeVisible();
  const [socket, subscription] = await subscribed();
  socket.next(
    { workloadChanged: { position: '150', kind: 'REMOVED', workloadId: ID, workload: null } },
    subscription,
  );
  await vi.waitFor(() => expect(screen.queryByTestId('next-run')).toBeNull(), PATIENCE);
  expect(screen.getByTestId('schedule')).toHaveTextContent('* * * * *');
});

it('a workload that never was is not called deleted', async () => {
  open({
    Workload: { workload: null },
    Deletion: { auditEvents: { nodes: [] }, operations: { nodes: [] } },
  });
  expect(await screen.findByTestId('workload-missing')).toHaveTextContent('This workload does not exist');
  expect(screen.queryByTestId('deletion')).toBeNull();
});

const creation = (changes: object) =>
  operation({
    id: 'made',
    kind: 'CreateWorkload',
    state: 'RUNNING',
    finishedAt: null,
    requestedAt: '2026-01-03T00:00:00Z',
    target: { ...operation({ id: 'made' }).target, name: 'web', workload: null },
    ...changes,
  });
const never = { auditEvents: { nodes: [] }, operations: { nodes: [] } };
const goneBefore = { auditEvents: gone, operations: { nodes: [] } };

it.each([
  ['RUNNING', never, 'web is being created. This page shows it as soon as the cluster reports it.'],
  ['SUCCEEDED', never, 'web was created. The cluster has not reported it yet.'],
  ['FAILED', never, 'web was not created.'],
  ['QUEUED', goneBefore, 'web is being created.'],
])(
  'a workload that is not observed yet shows the operation that creates it: %s',
  async (state, end, words) => {
    open({ Workload: { workload: null }, Deletion: end, Operations: only(creation({ state })) });
    const box = await screen.findByTestId('workload-coming');
    expect(await within(box).findByText(words, { exact: false }, PATIENCE)).toBeInTheDocument();
    expect(within(box).getByTestId('operation-entry')).toBeInTheDocument();
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('web');
    expect(screen.queryByTestId('workload-missing')).toBeNull();
    expect(screen.queryByTestId('workload-gone')).toBeNull();
  },
);

it('a workload that was deleted after its creation is gone', async () => {
  const created = creation({ state: 'SUCCEEDED', requestedAt: '2026-01-01T00:00:00Z' });
  open({ Workload: { workload: null }, Deletion: goneBefore, Operations: only(created) });
  expect(await screen.findByTestId('workload-gone')).toBeInTheDocument();
  await vi.waitFor(() => expect(screen.queryByTestId('workload-coming')).toBeNull(), PATIENCE);
});

it('a workload that is created is shown as soon as the cluster reports it', async () => {
  open({ Workload: { workload: null }, Deletion: never, Operations: only(creation({})) });
  await screen.findByTestId('workload-coming');
  const [socket, subscription] = await subscribed();
  expect(subscription.variables.filter).toEqual({ cluster: 'c', namespaces: ['shop'], search: 'web' });
  const workload = workloadDetail({ id: ID, name: 'web' });
  socket.next(
    { workloadChanged: { position: '150', kind: 'ADDED', workloadId: ID, workload } },
    subscription,
  );
  expect(await screen.findByTestId('detail-state')).toHaveTextContent('Running');
  expect(screen.queryByTestId('workload-coming')).toBeNull();
});

it('while the next one is read, the one before is not shown under its address', async () => {
  const rerenderPage = open({});
  await screen.findByTestId('detail-state');
  vi.stubGlobal(
    'fetch',
    vi.fn(() => new Promise(() => {})),
  );
  path.now = '/workloads/Deployment~c~shop~other';
  rerenderPage();
  await vi.waitFor(() => expect(screen.queryByTestId('detail-state')).toBeNull(), PATIENCE);
});
