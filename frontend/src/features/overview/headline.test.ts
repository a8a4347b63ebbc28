import { expect, it } from 'vitest';
import { cause } from '@/test/samples';
import { headline, shownOnce } from './headline';

const pull = 'failed to pull and unpack image "shop:2": failed to resolve reference';

it.each([
  [
    `The registry of image shop:2 cannot be reached. Container web of pod web-1 waits: ${pull}`,
    `Waits (ErrImagePull): ${pull}`,
    'The registry of image shop:2 cannot be reached',
  ],
  [
    'No node has enough cpu. Pod web-1 waits: 0/1 nodes are available: 1 Insufficient cpu.',
    'Condition PodScheduled is False (Unschedulable): 0/1 nodes are available: 1 Insufficient cpu.',
    'No node has enough cpu',
  ],
  [
    '没有节点有足够的 cpu。Pod web-1 在等待：0/1 nodes are available',
    '状况 PodScheduled 为 False（Unschedulable）：0/1 nodes are available',
    '没有节点有足够的 cpu',
  ],
])('what the evidence tells is left out of %s', (text, told, first) => {
  expect(headline(cause(text, [{ kind: 'CONTAINER', text: told }]))).toBe(first);
});

it.each([
  ['The readiness probe fails. Container web of pod web-1 is not ready: it answered 404', 'Ended (Error)'],
  ['Exit code 1. Container web of pod web-1 ended', 'Ended with exit code 1 (Error): restarted 4 times'],
])('what nothing else tells stays in %s', (text, told) => {
  expect(headline(cause(text, [{ kind: 'CONTAINER', text: told }]))).toBe(text);
});

it('what two pods have in common is shown once', () => {
  const { evidence } = cause('No image', [
    { kind: 'CONTAINER', text: 'Waits', objectId: 'Pod~dev~shop~web-1' },
    { kind: 'CONTAINER', text: 'Waits', objectId: 'Pod~dev~shop~web-2' },
    { kind: 'CONDITION', text: 'Condition Progressing is False', objectId: 'Deployment~dev~shop~web' },
  ]);
  expect(shownOnce(evidence).map(({ objectId }) => objectId)).toEqual([
    'Pod~dev~shop~web-1',
    'Deployment~dev~shop~web',
  ]);
});
