// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { podDetail, workloadDetail } from '@/test/samples';
import { Rollout } from './rollout';

it.each([
  [true, 'still serves with 1 of 1'],
  [false, '0 of 1 ready'],
])('an old version serves only with pods that are ready: %s', (ready, words) => {
  const workload = workloadDetail({ name: 'web', updatedReplicas: 0 });
  const old = podDetail({ name: 'a', ready, labels: { 'pod-template-hash': 'old' } });
  show(<Rollout workload={workload} pods={[old]} />);
  expect(screen.getByTestId('version')).toHaveTextContent(words);
});

it('says that too many pods are not counted by version', () => {
  show(<Rollout workload={workloadDetail({ name: 'web', updatedReplicas: 3 })} tooMany={200} />);
  expect(screen.getByTestId('versions-unknown')).toHaveTextContent('With more than 200 pods');
});
