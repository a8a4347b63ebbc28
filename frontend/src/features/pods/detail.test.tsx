// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import '@/features/events/list'; // Loaded before a test waits for it.
import '@/features/history/recent';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { answerByName, show } from '@/test/render';
import { cause, container, podDetail } from '@/test/samples';
import { PodDetail } from './detail';

const { search, path } = vi.hoisted(() => ({
  search: { now: '' },
  path: { now: '' },
}));
vi.mock('next/navigation', () => ({
  usePathname: () => path.now,
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams(search.now),
}));

const ended = { reason: 'Error', exitCode: 1, signal: null, startedAt: null, finishedAt: null };
const pod = podDetail({
  name: 'web-1',
  ready: false,
  reason: 'CrashLoopBackOff',
  labels: { app: 'web' },
  cause: cause('Out of memory. Container app was killed', [
    { kind: 'CONTAINER', text: 'OOMKilled, exit 137', objectId: 'Pod~c~shop~web-1', container: 'app' },
    { kind: 'EVENT', text: 'BackOff', objectId: 'Pod~c~shop~web-1' },
  ]),
  containers: [
    container({
      name: 'app',
      ready: false,
      restarts: 12,
      state: 'waiting',
      reason: 'CrashLoopBackOff',
      termination: {
        ...ended,
        reason: 'OOMKilled',
        exitCode: 137,
        signal: 9,
        startedAt: '2026-01-01T00:00:00Z',
        finishedAt: '2026-01-01T00:00:09Z',
      },
    }),
    container({ name: 'envoy', role: 'sidecar' }),
    container({ name: 'debug', role: 'ephemeral', state: 'terminated', reason: 'Error', termination: ended }),
    container({
      name: 'wait-for-db',
      role: 'init',
      ready: false,
      state: 'terminated',
      reason: 'Completed',
      termination: { ...ended, reason: 'Completed', exitCode: 0 },
    }),
  ],
});

const none = { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 };
const events = { object: { events: none } };

function open(changed: object) {
  answerByName({
    Position: { server: { projectedPosition: '100' } },
    Pod: { pod },
    Events: events,
    Operations: { operations: none },
    Revisions: { object: { revisions: none } },
    ...changed,
  });
  const { store, rerender } = show(<PodDetail />);
  bindSocket(store);
  return () => rerender(<PodDetail />);
}

beforeEach(() => {
  search.now = '';
  path.now = '/pods/Pod~c~shop~web-1';
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
});

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it('the page of a pod says its state, the cause with its places, its node and its owner', async () => {
  open({});
  expect(await screen.findByTestId('detail-state')).toHaveTextContent(
    'CrashLoopBackOff1 of 2 containers ready',
  );
  const block = screen.getByTestId('cause');
  expect(block).toHaveTextContent('Out of memory. Container app was killed');
  expect(within(block).getByRole('link', { name: /OOMKilled/ })).toHaveAttribute(
    'href',
    '/pods/Pod~c~shop~web-1?container=app',
  );
  expect(within(block).getByRole('link', { name: /BackOff/ })).toHaveAttribute(
    'href',
    '/pods/Pod~c~shop~web-1?tab=events',
  );
  expect(within(block).getByTestId('next-step')).toHaveTextContent('Next: Read the log of web-1');
  expect(screen.getByText('w01')).toBeInTheDocument();
  expect(screen.getByText('app=web')).toBeInTheDocument();
  expect(screen.getByTestId('detail-owner')).toHaveAttribute('href', '/workloads/Deployment~c~shop~web');
});

it('all its containers are listed as they run, each with how it ended the last time', async () => {
  search.now = 'container=app';
  open({});
  const rows = await screen.findAllByTestId('container-row');
  expect(rows.map(({ dataset }) => dataset.name)).toEqual(['wait-for-db', 'envoy', 'app', 'debug']);
  const [init, sidecar, app] = rows;
  expect(init).toHaveTextContent('init containerCompleted0Completed exit 0busybox:1');
  expect(sidecar).toHaveTextContent('sidecarRunning0–busybox:1');
  expect(app).toHaveTextContent(/CrashLoopBackOff12OOMKilled exit 137, signal 9, after 9s · .*ago/);
  expect(rows.map((row) => row.getAttribute('aria-current'))).toEqual([null, null, 'true', null]);
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

it('its conditions stand with their status, reason, message and since when', async () => {
  const ready = {
    type: 'Ready',
    status: 'FALSE',
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [app]',
    since: '2026-01-01T00:00:00Z',
  };
  open({ Pod: { pod: { ...pod, conditions: [ready] } } });
  const table = await screen.findByTestId('conditions');
  expect(table).toHaveTextContent('ReadyFalseContainersNotReadycontainers with unready status: [app]');
  expect(table.querySelector('time')).toHaveAttribute('datetime', '2026-01-01T00:00:00.000Z');
  expect(screen.getByText(/are listed only while they are not true/)).toBeVisible();
});

it('what changed in its workload stands beside it, and it has no action of its own', async () => {
  open({});
  const panel = await screen.findByTestId('recent');
  expect(panel).toHaveTextContent('Operations and changes of Deployment web, and warnings about this pod.');
  expect(document.querySelector('.object-actions')).toBeNull();
});

it('a pod of no workload says that only warnings about it are known', async () => {
  open({ Pod: { pod: { ...pod, workload: null } } });
  expect(await screen.findByTestId('recent')).toHaveTextContent('It belongs to no workload');
});

it('a tab is a step that Back undoes', async () => {
  open({});
  const steps = history.length;
  await userEvent.click(await screen.findByRole('tab', { name: 'Kubernetes events' }));
  expect(history.length).toBe(steps + 1);
  expect(location.pathname + location.search).toBe('/pods/Pod~c~shop~web-1?tab=events');
});

it('the tab of the address is open', async () => {
  search.now = 'tab=events';
  open({});
  expect(await screen.findByText(/There are no events/)).toBeInTheDocument();
});

it('a pod that is gone says since when', async () => {
  open({
    Pod: { pod: null },
    End: { auditEvents: { nodes: [{ recordedAt: '2026-01-02T00:00:00Z' }] } },
  });
  expect(await screen.findByTestId('pod-gone')).toHaveTextContent(/^This pod is gone\.Deleted .+ago/);
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('web-1');
});

it('a pod that goes while it is looked at keeps its last state on the screen', async () => {
  open({ End: { auditEvents: { nodes: [{ recordedAt: '2026-01-02T00:00:00Z' }] } } });
  await screen.findByTestId('detail-state');
  const [socket, subscription] = await vi.waitFor(() => {
    const [opened] = FakeSocket.opened;
    const ofPod = opened?.subscriptions.find(({ variables }) => 'filter' in variables);
    if (!opened || !ofPod) throw new Error('not subscribed yet');
    return [opened, ofPod] as const;
  });
  const gone = { position: '150', kind: 'REMOVED', podId: 'Pod~c~shop~web-1', pod: null };
  socket.next({ podChanged: gone }, subscription);
  expect(await screen.findByTestId('pod-gone')).toHaveTextContent('Its last observed state is shown');
  expect(screen.getAllByTestId('container-row')).toHaveLength(4);
});

it('a pod that never was is not called gone', async () => {
  open({ Pod: { pod: null }, End: { auditEvents: { nodes: [] } } });
  expect(await screen.findByTestId('pod-missing')).toHaveTextContent('This pod does not exist');
  expect(screen.getByRole('link', { name: 'All pods' })).toHaveAttribute('href', '/pods');
});

it('while the next one is read, the one before is not shown under its address', async () => {
  const rerenderPage = open({});
  await screen.findByTestId('detail-state');
  vi.stubGlobal(
    'fetch',
    vi.fn(() => new Promise(() => {})),
  );
  path.now = '/pods/Pod~c~shop~web-2';
  rerenderPage();
  await vi.waitFor(() => expect(screen.queryByTestId('detail-state')).toBeNull());
});
