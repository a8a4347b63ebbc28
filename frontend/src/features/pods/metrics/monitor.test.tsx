// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { show } from '@/test/render';
import { podDetail } from '@/test/samples';
import { ResourceMonitor } from './monitor';
import { usageOf } from './usage';

// It draws on a canvas, which jsdom has not.
vi.mock('./usage-chart', () => ({ UsageChart: () => null, strokeOf: () => 'red' }));

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it('the metrics of one pod leave out others whose names contain its own', async () => {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
  const pod = podDetail({ name: 'web-1', cpuRequestMillicores: 250 });
  const { store } = show(<ResourceMonitor filter={{ search: 'web-1' }} pod={pod} />);
  bindSocket(store);
  const socket = await vi.waitFor(() => {
    const opened = FakeSocket.opened.find(({ subscriptions }) => subscriptions.length > 0);
    if (!opened) throw new Error('not subscribed yet');
    return opened;
  });
  expect(socket.subscriptions[0]?.variables).toEqual({ filter: { search: 'web-1' } });
  const usage = { cpuMillicores: 1, memoryBytes: 1, containers: [] };
  const pods = ['web-1', 'web-10'].map((name) => ({ podId: `Pod~c~shop~${name}`, name, ...usage }));
  socket.next({
    podMetricsSampled: { sampledAt: '2026-01-01T00:00:00Z', available: true, message: null, pods },
  });
  expect(await screen.findByRole('rowheader')).toHaveTextContent('web-1');
  expect(screen.getByRole('cell', { name: '250' })).toBeVisible();
  socket.refuse('FORBIDDEN');
  expect(await screen.findByTestId('metrics-failed')).toHaveTextContent('FORBIDDEN');
  expect(screen.getByTestId('metrics-table')).toBeVisible();
}, 15_000);

it('another tab of the page does not lose the samples', () => {
  const usage = usageOf(JSON.stringify([JSON.stringify({ workload: 'Deployment~c~shop~web' }), undefined]));
  const pods = Array.from({ length: 30 }, (_, at) => ({
    podId: `p${at}`,
    name: `web-${at}`,
    cpuMillicores: at,
    memoryBytes: 1,
  }));
  usage.push({ sampledAt: '2026-01-01T00:00:00Z', available: true, message: null, pods });
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  show(<ResourceMonitor filter={{ workload: 'Deployment~c~shop~web' }} />);
  expect(screen.getAllByRole('rowheader')).toHaveLength(21);
  expect(screen.getByTestId('metrics-top')).toHaveTextContent('The 20 pods that use the most CPU, of 30.');
  expect(screen.getByTestId('metrics-sum')).toHaveTextContent('435');
});
