// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { show } from '@/test/render';
import { ResourceMonitor } from './monitor';

// It draws on a canvas, which jsdom has not.
vi.mock('./usage-chart', () => ({ UsageChart: () => null, strokeOf: () => 'red' }));

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it('the metrics of one pod leave out others whose names contain its own', async () => {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
  const { store } = show(<ResourceMonitor filter={{ search: 'web-1' }} pod="Pod~c~shop~web-1" />);
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
});
