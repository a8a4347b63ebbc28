// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { answerByName, show } from '@/test/render';
import { container, podDetail } from '@/test/samples';
import { followLog } from './follow-log';
import { LogBuffer } from './log-buffer';
import { ContainerLogs, PodLogs } from './logs';

vi.mock('next/navigation', () => ({
  usePathname: () => '/pods/p',
  useSearchParams: () => new URLSearchParams(window.location.search),
}));
vi.mock('./follow-log', () => ({ followLog: vi.fn() }));
// jsdom has no layout to scroll in.
vi.mock('./log-lines', () => ({ LogLines: () => null }));

const end = { reason: 'Error', exitCode: 1, signal: null, startedAt: null, finishedAt: null };

it.each([
  ['is still ended', 'terminated', end, false],
  ['waits to be started again', 'waiting', end, true],
  ['runs again', 'running', end, true],
  ['never ended', 'running', null, false],
])('the log of the run that ended, of a container that %s', (_, state, termination, previous) => {
  vi.mocked(followLog)
    .mockClear()
    .mockReturnValue({ buffer: new LogBuffer(), stop: () => {} });
  history.replaceState(null, '', '/pods/p?tab=logs&container=app&run=ended');
  const containers = [container({ name: 'app', restarts: 3, state, termination })];
  show(<ContainerLogs pod={podDetail({ name: 'web-1', containers })} />);
  expect(followLog).toHaveBeenCalledWith(expect.objectContaining({ container: 'app', previous }));
  const address = `/pods/p?tab=logs&container=app${previous ? '&previous=true' : ''}`;
  expect(location.pathname + location.search).toBe(address);
});

it('without a choice it is the log of what the pod is for', () => {
  vi.mocked(followLog)
    .mockClear()
    .mockReturnValue({ buffer: new LogBuffer(), stop: () => {} });
  history.replaceState(null, '', '/pods/p?tab=logs');
  const containers = [
    container({ name: 'migrate', role: 'init' }),
    container({ name: 'envoy', role: 'sidecar' }),
    container({ name: 'app' }),
  ];
  show(<ContainerLogs pod={podDetail({ name: 'web-1', containers })} />);
  expect(followLog).toHaveBeenCalledWith(expect.objectContaining({ container: 'app' }));
});

const workload = { id: 'Deployment~c~shop~web' };
const containers = [container({ name: 'app' })];

function openLogs(wanted: string, pod: object | null) {
  vi.mocked(followLog)
    .mockClear()
    .mockReturnValue({ buffer: new LogBuffer(), stop: () => {} });
  history.replaceState(null, '', `/workloads/w?tab=logs&pod=${wanted}`);
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
  answerByName({
    Position: { server: { projectedPosition: '1' } },
    Pods: {
      pods: {
        nodes: [podDetail({ name: 'web-1', containers })],
        pageInfo: { hasNextPage: true, endCursor: '1' },
        totalCount: 300,
      },
    },
    Pod: { pod },
  });
  const { store } = show(<PodLogs workload={workload} />);
  bindSocket(store);
}

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it('says that older lines are left out', async () => {
  const buffer = new LogBuffer(10);
  vi.mocked(followLog).mockReturnValue({ buffer, stop: () => {} });
  history.replaceState(null, '', '/pods/p?tab=logs');
  show(<ContainerLogs pod={podDetail({ name: 'web-1', containers })} />);
  expect(screen.queryByTestId('log-cut')).toBeNull();
  for (let number = 0; number < 20; number++)
    buffer.push({ time: null, container: 'app', line: String(number), restarted: false });
  expect(await screen.findByTestId('log-cut')).toHaveTextContent('This page keeps the latest 10 lines');
});

it('a pod that is gone is not replaced by another one without a word', async () => {
  openLogs('Pod~c~shop~web-9', null);
  expect(await screen.findByText(/no pod “web-9” any more/)).toBeVisible();
  expect(screen.getByRole('combobox', { name: 'Pod' })).toBeVisible();
  expect(screen.getByText('The first 1 of 300 pods by name')).toBeVisible();
  expect(followLog).not.toHaveBeenCalled();
});

it('a pod beyond the part of the list that is read has its log', async () => {
  const pod = podDetail({ name: 'web-9', containers });
  openLogs(pod.id, pod);
  await vi.waitFor(() => expect(followLog).toHaveBeenCalledWith(expect.objectContaining({ pod: pod.id })));
});
