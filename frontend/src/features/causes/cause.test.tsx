// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { cause } from '@/test/samples';
import { Cause } from './cause';

const pod = 'Pod~dev~shop~web-1';
const stuck = cause('Image web:typo was not found', [
  { kind: 'CONTAINER', text: 'Waits (ImagePullBackOff)', objectId: pod, container: 'web' },
  { kind: 'CONDITION', text: 'Condition Progressing is False', objectId: 'Deployment~dev~shop~web' },
  { kind: 'EVENT', text: 'FailedCreate', objectId: 'ReplicaSet~dev~shop~web-7d' },
]);

it('says why, since when, and what it is read from', async () => {
  show(<Cause cause={{ ...stuck, since: '2026-01-01T00:00:00Z' }} podsOf="Deployment~dev~shop~web" isOpen />);
  const block = screen.getByTestId('cause');
  expect(block).toHaveTextContent('Image web:typo was not found · Began');
  expect(block.querySelector('time')).toHaveAttribute('title');
  const [first, second, third] = within(block).getAllByRole('listitem');
  expect(first).toHaveTextContent('Container Waits (ImagePullBackOff)Pod web-1 · container web');
  expect(second).toHaveTextContent('Condition Condition Progressing is FalseDeployment web');
  expect(third).toHaveTextContent('Event FailedCreateReplicaSet web-7d');
});

it('links a workload to its page, a pod to its logs and an event to the events, where a list has them', () => {
  const links = () => screen.getAllByRole('link').map((link) => link.getAttribute('href'));
  const { unmount } = show(<Cause cause={stuck} podsOf="Deployment~dev~shop~web" isOpen />);
  expect(links()).toEqual([
    '/workloads/Deployment~dev~shop~web?tab=logs&pod=Pod~dev~shop~web-1',
    '/workloads/Deployment~dev~shop~web',
    '/workloads/Deployment~dev~shop~web?tab=events',
  ]);
  unmount();
  show(<Cause cause={stuck} isOpen />);
  expect(links()).toEqual(['/workloads/Deployment~dev~shop~web']);
});

it('evidence can be folded', async () => {
  show(<Cause cause={stuck} />);
  expect(screen.getByText('Waits (ImagePullBackOff)')).not.toBeVisible();
  await userEvent.click(screen.getByText('Evidence (3)'));
  expect(screen.getByText('Waits (ImagePullBackOff)')).toBeVisible();
});
