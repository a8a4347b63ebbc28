// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answerByName, show } from '@/test/render';
import { LatestEvents } from './latest';

const event = (reason: string, pod: string, changes: object = {}) => ({
  id: `${reason} ${pod}`,
  type: 'Warning',
  reason,
  message: `about ${pod}`,
  count: 2,
  lastSeen: '2026-01-01T00:00:00Z',
  source: 'kubelet',
  objectId: `Pod~dev~shop~${pod}`,
  container: null,
  ...changes,
});

it('events that differ only in their pod are one line, and leave room for others', async () => {
  const pods = ['web-1', 'web-2', 'web-3', 'web-4', 'web-5', 'web-6', 'web-7'];
  const nodes = [
    ...pods.map((pod) => event('MissingClusterDNS', pod)),
    event('BackOff', 'web-1', { count: 1 }),
    event('MissingClusterDNS', 'web', { objectId: 'DaemonSet~dev~shop~web', count: 1 }),
  ];
  const pageInfo = { hasNextPage: false, endCursor: null };
  answerByName({ Events: { kubernetesEvents: { nodes, pageInfo, totalCount: nodes.length } } });
  show(<LatestEvents of={{ id: 'web' }} href="/workloads/web?tab=events" />);
  await screen.findByText('BackOff');
  const [first, second, third, ...others] = screen.getAllByRole('listitem');
  expect(first).toHaveTextContent(/MissingClusterDNS ×14 · 7 objects.*about web-1$/);
  expect(second).toHaveTextContent(/BackOff.*about web-1$/);
  expect(second).not.toHaveTextContent('×');
  expect(third).toHaveTextContent(/MissingClusterDNS.*about web$/);
  expect(others).toEqual([]);
});
