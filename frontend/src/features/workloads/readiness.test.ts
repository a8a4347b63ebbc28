import { expect, it } from 'vitest';
import { readiness } from './readiness';

it('never are more ready than are wanted', () => {
  expect(readiness({ readyReplicas: 4, desiredReplicas: 3 })).toEqual({ ready: 3, desired: 3, surplus: 1 });
  expect(readiness({ readyReplicas: 3, desiredReplicas: 0 })).toEqual({ ready: 0, desired: 0, surplus: 3 });
});

it('says what is missing', () => {
  expect(readiness({ readyReplicas: null, desiredReplicas: 3 })).toEqual({
    ready: 0,
    desired: 3,
    surplus: 0,
  });
});

it('says nothing of what has no replicas', () => {
  expect(readiness({ readyReplicas: null, desiredReplicas: null })).toBeNull();
});
