// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { cause } from '@/test/samples';
import { Cause } from './cause';
import { ObjectLink } from './object-link';
import { placeOf } from './place';

const pod = 'Pod~dev~shop~web-1';
const stuck = cause('Image web:typo was not found', [
  { kind: 'CONTAINER', text: 'Waits (ImagePullBackOff)', objectId: pod, container: 'web' },
  { kind: 'CONDITION', text: 'Condition Progressing is False', objectId: 'Deployment~dev~shop~web' },
  {
    kind: 'EVENT',
    text: 'FailedCreate, at least 3 times',
    objectId: 'ReplicaSet~dev~shop~web-7d',
    reason: 'FailedCreate',
  },
]);

it('says why, since when, and what it is read from', async () => {
  show(
    <Cause cause={{ ...stuck, since: '2026-01-01T00:00:00Z' }} workload="Deployment~dev~shop~web" isOpen />,
  );
  const block = screen.getByTestId('cause');
  expect(block).toHaveTextContent('Image web:typo was not found · Began');
  expect(block.querySelector('time')).toHaveAttribute('title');
  const [first, second, third] = within(block).getAllByRole('listitem');
  expect(first).toHaveTextContent('Container Waits (ImagePullBackOff), Pod web-1, container web');
  expect(second).toHaveTextContent('Condition Condition Progressing is False, Deployment web');
  expect(third).toHaveTextContent('Event FailedCreate, at least 3 times, ReplicaSet web-7d');
});

it('leads to the tab and the container of what was observed, on the workload where an object has no page', () => {
  const links = () => screen.queryAllByRole('link').map((link) => link.getAttribute('href'));
  const { unmount } = show(<Cause cause={stuck} workload="Deployment~dev~shop~web" isOpen />);
  expect(links()).toEqual([
    '/pods/Pod~dev~shop~web-1?container=web',
    '/workloads/Deployment~dev~shop~web#conditions',
    '/workloads/Deployment~dev~shop~web?tab=events&reason=FailedCreate',
  ]);
  unmount();
  show(<Cause cause={stuck} isOpen />);
  expect(links()).toEqual([
    '/pods/Pod~dev~shop~web-1?container=web',
    '/workloads/Deployment~dev~shop~web#conditions',
  ]);
});

it('what a ReplicaSet without an owner shows leads to its own page', () => {
  const set = 'ReplicaSet~dev~shop~web';
  const message = { text: 'Condition ReplicaFailure is True', arguments: {} };
  const evidence = { kind: 'CONDITION' as const, message, objectId: set, container: null };
  expect(placeOf(evidence, set)).toBe(`/workloads/${set}`);
  expect(placeOf(evidence)).toBeUndefined();
  show(<ObjectLink id={set} isRecorded />);
  expect(screen.getByRole('link')).toHaveAttribute('href', `/workloads/${set}`);
});

it.each([
  ['ConfigMap~dev~shop~settings', '/objects/ConfigMap~dev~shop~settings', 'ConfigMap settings'],
  [
    'Ingress.networking.k8s.io~dev~shop~web',
    '/objects/Ingress.networking.k8s.io~dev~shop~web',
    'Ingress web',
  ],
  ['CronJob~dev~shop~tidy', '/workloads/CronJob~dev~shop~tidy', 'CronJob tidy'],
  [pod, `/pods/${pod}`, 'Pod web-1'],
])('the page of %s is %s', (id, href, words) => {
  show(<ObjectLink id={id} />);
  expect(screen.getByRole('link', { name: words })).toHaveAttribute('href', href);
});

it('beside others, workloads are told by their namespace, and other objects by their kind too', () => {
  const ids = ['Deployment~dev~shop~web', 'ConfigMap~dev~shop~web', 'Node~dev~_~n1'];
  show(ids.map((id) => <ObjectLink key={id} id={id} isPlaced />));
  const words = screen.getAllByRole('link').map(({ textContent }) => textContent);
  expect(words).toEqual(['shop/web', 'ConfigMap shop/web', 'Node n1']);
});

it.each([
  ['EVENT', '/pods/Pod~dev~shop~web-1?tab=events&reason=BackOff'],
  ['LOG', '/pods/Pod~dev~shop~web-1?tab=logs&container=web'],
  ['METRIC', '/pods/Pod~dev~shop~web-1?tab=metrics&container=web'],
  ['CONDITION', '/pods/Pod~dev~shop~web-1?container=web#conditions'],
] as const)('an observation of a pod has its place: %s', (kind, place) => {
  const message = { text: 'BackOff', arguments: { reason: 'BackOff' } };
  expect(placeOf({ kind, message, objectId: pod, container: 'web' })).toBe(place);
});

it('only the cause of the page is a landmark', () => {
  const { unmount } = show(<Cause cause={stuck} />);
  expect(screen.queryByRole('region')).toBeNull();
  unmount();
  show(<Cause cause={stuck} isOpen />);
  expect(screen.getByRole('region', { name: 'Cause' })).toBeInTheDocument();
});

it('the same evidence is shown and counted once', () => {
  const { evidence } = stuck;
  show(<Cause cause={{ ...stuck, evidence: [...evidence, ...evidence.slice(1)] }} />);
  expect(screen.getByText('Evidence (3)')).toBeInTheDocument();
  const [first, second] = screen.getAllByRole('listitem', { hidden: true });
  expect(first).not.toHaveTextContent('×');
  expect(second).toHaveTextContent(/Progressing is False.*×2$/);
});

it('evidence can be folded', async () => {
  show(<Cause cause={stuck} />);
  expect(screen.getByText('Waits (ImagePullBackOff)')).not.toBeVisible();
  await userEvent.click(screen.getByText('Evidence (3)'));
  expect(screen.getByText('Waits (ImagePullBackOff)')).toBeVisible();
});
