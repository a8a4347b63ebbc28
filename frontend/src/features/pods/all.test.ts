// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { workloadList } from '@/features/workloads/list';
import { readFilter } from '@/resource/list-parameters';
import { addressOf } from '@/resource/views/view';
import { allPods } from './all';
import { podList } from './list';

const filtersOf = ({ views, filters }: Pick<typeof allPods, 'views' | 'filters'>) =>
  views?.builtIn.map(({ query }) => readFilter(addressOf(query), filters));

it('the built-in views ask for everything, and for what needs attention', () => {
  expect(filtersOf(allPods)).toEqual([{}, { hasCause: true }]);
  expect(filtersOf(workloadList as unknown as typeof allPods)).toEqual([
    {},
    { states: ['FAILED', 'UNAVAILABLE', 'ROLLOUT_STUCK', 'DEGRADED'] },
  ]);
});

it('the pods of one workload have no views: they would be of all pods', () => {
  expect(podList.views).toBeUndefined();
});
