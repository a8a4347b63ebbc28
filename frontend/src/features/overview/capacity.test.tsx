// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { answerByName, show } from '@/test/render';
import { Capacity } from './capacity';

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

const cluster = (id: string, name: string) => ({ id, name, state: 'READY', reason: null, unreadable: [] });

async function open() {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.opened = [];
  answerByName({
    Clusters: { clusters: { nodes: [cluster('dev', 'Development'), cluster('prod', 'Production')] } },
  });
  const { store } = show(<Capacity />);
  bindSocket(store);
  const socket = await vi.waitFor(() => {
    const opened = FakeSocket.opened.find(({ subscriptions }) => subscriptions.length > 0);
    if (!opened) throw new Error('not subscribed yet');
    return opened;
  });
  return (clusterId: string, said: object) =>
    socket.next({
      capacitySampled: {
        clusterId,
        sampledAt: new Date().toISOString(),
        message: null,
        usageMessage: null,
        usage: null,
        nodes: null,
        ...said,
      },
    });
}

const nodes = {
  count: 14,
  ready: 13,
  notReady: ['w07'],
  unschedulable: 0,
  cpuMillicores: 456_000,
  memoryBytes: 1_792 * 1_024 ** 3,
  pods: 1_540,
  podsPlaced: 1_184,
  cpuRequestedMillicores: 355_680,
  memoryRequestedBytes: 896 * 1_024 ** 3,
};

it('says what the nodes have, what is requested of it and what they use', async () => {
  const sample = await open();
  sample('prod', { nodes, usage: { nodes: 14, cpuMillicores: 187_000, memoryBytes: 448 * 1_024 ** 3 } });
  expect(await screen.findByText('13 of 14 ready')).toBeVisible();
  expect(screen.getByText('Not ready: w07')).toBeVisible();
  const [ofNodes] = screen.getAllByTestId('bar');
  expect(ofNodes?.querySelector('.usage-bar-lack')).toHaveStyle({ width: '7.1%' });
  expect(screen.getByText('78% requested')).toBeVisible();
  expect(screen.getByText('Uses 187 of 456 cores')).toBeVisible();
  expect(screen.getByText('50% requested')).toBeVisible();
  expect(screen.getByText('Uses 448Gi of 1.8Ti')).toBeVisible();
  expect(screen.getByText('1,184 of 1,540')).toBeVisible();
  expect(screen.getByText('Room for 356 more')).toBeVisible();
  expect(screen.queryByText('Production')).not.toBeInTheDocument();
});

it('says for each cluster what is not known, and why', async () => {
  const sample = await open();
  sample('prod', { message: 'nodes is forbidden', usageMessage: 'nodes.metrics is forbidden' });
  sample('dev', { nodes: { ...nodes, ready: 14, notReady: [] }, usageMessage: 'no metrics' });
  expect(await screen.findByRole('heading', { name: 'Development' })).toBeVisible();
  expect(screen.getByTestId('capacity-prod')).toHaveTextContent(
    'the nodes cannot be read. nodes is forbidden',
  );
  expect(screen.getByTestId('capacity-prod')).not.toHaveTextContent('nodes.metrics');
  const dev = screen.getByTestId('capacity-dev');
  expect(dev).toHaveTextContent('All ready');
  expect(dev).toHaveTextContent('356 of 456 cores');
  expect(dev).toHaveTextContent('What the nodes use is not known. no metrics');
});

it('says how many nodes are measured when not all are, and that there are none', async () => {
  const sample = await open();
  sample('prod', { nodes, usage: { nodes: 3, cpuMillicores: 40_000, memoryBytes: 1_024 ** 3 } });
  expect(await screen.findByText('Uses 40 cores, 3 of 14 nodes measured')).toBeVisible();
  const [, cpu] = screen.getAllByTestId('bar');
  const widths = [...(cpu?.querySelectorAll('i') ?? [])].map(({ style }) => style.width);
  expect(widths).toEqual(['78%', '0%']);
  sample('prod', { nodes: { ...nodes, cpuRequestedMillicores: 900 } });
  expect(await screen.findByText('<1% requested')).toBeVisible();
  const none = { ...nodes, count: 0, ready: 0, notReady: [], cpuMillicores: 0, memoryBytes: 0, pods: 0 };
  sample('prod', { nodes: none });
  expect(await screen.findByText('No nodes')).toBeVisible();
});

it('an old sample says its age', async () => {
  const sample = await open();
  sample('prod', { nodes, sampledAt: new Date(Date.now() - 300_000).toISOString() });
  expect(await screen.findByTestId('capacity-prod')).toHaveTextContent('5 minutes ago');
});
