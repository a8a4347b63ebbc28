// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bindSocket, closeSocket } from '@/graphql/socket';
import '@/resource/action-dialog'; // Loaded before a test waits for it.
import { FakeSocket } from '@/test/fake-socket';
import { answerByName, show } from '@/test/render';
import { workloadRow } from '@/test/samples';
import { WorkloadDetail } from './detail';

vi.mock('next/navigation', () => ({
  usePathname: () => '/workloads/web',
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams('tab=history'),
}));

/** A machine that compiles meanwhile is slow. */
const PATIENCE = { timeout: 10_000 };

const detail = (changes: Parameters<typeof workloadRow>[0]) => ({
  ...workloadRow(changes),
  labels: {},
  manifest: {},
});
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
  Workload: { workload: detail({ name: 'web', desiredReplicas: 7 }) },
  Operations: { operations: { nodes: [], pageInfo: { hasNextPage: false } } },
  ScaleWorkload: {
    scaleWorkload: { __typename: 'OperationRefused', code: 'CONFLICT', message: '', currentVersion: '2' },
  },
  RememberedReplicas: {
    auditEvents: { nodes: [{ payload: { stage: 'remember', remembered: { replicas: 3 } } }] },
  },
};

function open(changed: object) {
  answerByName({ ...answers, ...changed });
  const { store } = show(<WorkloadDetail />);
  bindSocket(store);
}

/** The change that the command will conflict with, on the page behind the dialog. */
async function changeArrives() {
  const [socket, subscription] = await vi.waitFor(() => {
    const [opened] = FakeSocket.opened;
    const ofWorkload = opened?.subscriptions.find(({ variables }) => 'filter' in variables);
    if (!ofWorkload) throw new Error('not subscribed yet');
    return [opened, ofWorkload] as const;
  }, PATIENCE);
  const workload = detail({ name: 'web', state: 'PROGRESSING' });
  socket?.next(
    { workloadChanged: { position: '150', kind: 'CHANGED', workloadId: 'web', workload } },
    subscription,
  );
  expect(await screen.findByText('Progressing')).toBeInTheDocument();
}

beforeEach(() => {
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

it('a stopped workload says how many pods come back', async () => {
  open({
    Workload: { workload: detail({ name: 'web', state: 'STOPPED', desiredReplicas: 0, readyReplicas: 0 }) },
  });
  await vi.waitFor(
    () => expect(screen.getByTestId('detail-ready')).toHaveTextContent('3 pods come back on start'),
    PATIENCE,
  );
});
