// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { columns, usageColumns } from '@/features/pods/columns';
import { PodUsageOfRows } from '@/features/pods/usage';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { show } from '@/test/render';
import { useMeasured, useRowUsage } from './row-usage';

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

function Row({ id }: { id: string }) {
  const titles = useMeasured(columns, usageColumns).map(({ title }) => title);
  return (
    <p>
      {useRowUsage(id)?.cpuMillicores ?? 'unknown'} {titles.includes('usage.cpu') ? 'shown' : 'left out'}
    </p>
  );
}

async function open() {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
  const { store } = show(
    <PodUsageOfRows filter={{ search: 'web' }}>
      <Row id="a" />
    </PodUsageOfRows>,
  );
  bindSocket(store);
  const socket = await vi.waitFor(() => {
    const opened = FakeSocket.opened.find(({ subscriptions }) => subscriptions.length > 0);
    if (!opened) throw new Error('not subscribed yet');
    return opened;
  });
  expect(socket.subscriptions[0]?.variables).toEqual({ filter: { search: 'web' } });
  return (clusterId: string, message: string | null, ...pods: object[]) =>
    socket.next({ podMetricsSampled: { clusterId, available: !message, message, pods } });
}

it('a row shows the last sample of its cluster', async () => {
  const sample = await open();
  expect(screen.getByText('unknown shown')).toBeVisible();
  sample('c', null, { podId: 'a', cpuMillicores: 7, memoryBytes: 1 });
  sample('d', null, { podId: 'b', cpuMillicores: 9, memoryBytes: 1 });
  expect(await screen.findByText('7 shown')).toBeVisible();
  sample('c', null);
  expect(await screen.findByText('unknown shown')).toBeVisible();
});

it('where nothing is measured it is said why, and the columns are left out', async () => {
  const sample = await open();
  sample('c', 'the server could not find the requested resource');
  expect(await screen.findByText('unknown left out')).toBeVisible();
  expect(screen.getByTestId('usage-unavailable')).toHaveTextContent('could not find the requested resource');
});

it('one message names every cluster that has no metrics', async () => {
  const sample = await open();
  sample('c', 'not found');
  sample('d', 'forbidden');
  expect(await screen.findByText('d: forbidden')).toBeVisible();
  expect(screen.getByTestId('usage-unavailable')).toHaveTextContent('No CPU and memory usage of c, d');
});

it('that the server gives no samples is said', async () => {
  await open();
  FakeSocket.opened.find(({ subscriptions }) => subscriptions.length > 0)?.refuse('FORBIDDEN');
  expect(await screen.findByTestId('usage-failed')).toHaveTextContent('FORBIDDEN');
});
