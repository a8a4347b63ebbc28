import { expect, it } from 'vitest';
import { workloadRow } from '@/test/samples';
import { readiness } from './readiness';

const of = (readyReplicas: number | null, desiredReplicas: number | null) =>
  readiness(workloadRow({ name: 'web', readyReplicas, desiredReplicas }));

it('never are more ready than are desired', () => {
  expect(of(4, 3)).toEqual({ ready: 3, desired: 3, surplus: 1 });
  expect(of(3, 0)).toEqual({ ready: 0, desired: 0, surplus: 3 });
});

it('says what is missing', () => {
  expect(of(null, 3)).toEqual({ ready: 0, desired: 3, surplus: 0 });
});

it('says nothing of what keeps no pods running', () => {
  expect(of(null, null)).toBeNull();
  expect(readiness(workloadRow({ name: 'sum', kind: 'JOB', desiredReplicas: 5 }))).toBeNull();
});
