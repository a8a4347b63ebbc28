import { expect, it } from 'vitest';
import { cause } from '@/test/samples';
import { observationsOf } from './observations';

const id = 'Deployment~dev~shop~web';
const waits = { kind: 'CONTAINER' as const, text: 'Waits (ErrImagePull)', container: 'web' };
const of = (pod: string) => ({ ...waits, objectId: `Pod~dev~shop~${pod}` });
const event = (set: string) => ({
  kind: 'EVENT' as const,
  text: 'FailedCreate',
  objectId: `ReplicaSet~dev~shop~${set}`,
  reason: 'FailedCreate',
});
const observed = (evidence: Parameters<typeof cause>[1], workload?: string) =>
  observationsOf(cause('why', evidence).evidence, workload).map(({ evidence, count, isAlike }) => [
    evidence.objectId?.split('~').at(-1),
    count,
    isAlike,
  ]);

it('what is observed twice at one place is one observation', () => {
  expect(observed([of('web-1'), of('web-1')])).toEqual([['web-1', 2, false]]);
  expect(observed([event('web-1'), event('web-2')], id)).toEqual([['web-1', 2, false]]);
});

it('what is alike but leads elsewhere stays', () => {
  expect(observed([of('web-1'), of('web-2'), event('web-7')])).toEqual([
    ['web-1', 1, true],
    ['web-2', 1, true],
    ['web-7', 1, false],
  ]);
  expect(observed([event('web-1'), event('web-2')])).toEqual([
    ['web-1', 1, true],
    ['web-2', 1, true],
  ]);
});

it('the same words of another source are another observation', () => {
  const log = { ...of('web-1'), kind: 'LOG' as const };
  expect(observed([of('web-1'), log])).toEqual([
    ['web-1', 1, false],
    ['web-1', 1, false],
  ]);
});

it('it has the time of the latest', () => {
  const times = [null, '2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z', '2026-01-02T00:00:00Z'];
  const [one] = cause('why', [of('web-1')]).evidence;
  const found = observationsOf(times.flatMap((at) => (one ? [{ ...one, at }] : [])));
  expect(found.map(({ evidence, count }) => [evidence.at, count])).toEqual([['2026-01-03T00:00:00Z', 4]]);
});
