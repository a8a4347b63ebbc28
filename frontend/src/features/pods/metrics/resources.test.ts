import { expect, it } from 'vitest';
import { podDetail } from '@/test/samples';
import { sharedBy, sumOf } from './resources';

const pod = (cpuRequestMillicores: number | null) => podDetail({ name: 'web', cpuRequestMillicores });

it.each([
  [[pod(100), pod(100)], 100, 200],
  [[pod(100), pod(50)], null, 150],
  [[pod(100), pod(null)], null, null],
  [[pod(100), undefined], null, null],
])('a line is drawn for what all pods have, a total is that of all: %#', (pods, shared, sum) => {
  expect(sharedBy(pods, 'cpuRequestMillicores')).toBe(shared);
  expect(sumOf(pods, 'cpuRequestMillicores')).toBe(sum);
});
