import { expect, it } from 'vitest';
import { operation } from '@/test/samples';
import { barsOf } from './axis';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const stage = (name: string, from: number | null, to: number | null, state = 'SUCCEEDED' as const) => ({
  name,
  state,
  startedAt: from === null ? null : at(from),
  finishedAt: to === null ? null : at(to),
  message: null,
  calls: [] as ReturnType<typeof call>[],
  callCount: 0,
  apiCalls: [],
});
const call = (second: number) => ({
  kind: 'PATCH' as const,
  objectId: 'Deployment~c~shop~web',
  at: at(second),
  outcome: 'FAILED' as const,
  message: 'busy',
});
const requested = { id: 'o', requestedAt: at(0), startedAt: at(2) };

it('the wait in line and the stages share one axis, from the request to the end', () => {
  const done = operation({
    ...requested,
    state: 'SUCCEEDED',
    finishedAt: at(10),
    stages: [stage('scale', 2, 3), stage('wait-until-ready', 3, 10)],
  });
  expect(barsOf(done, Date.parse(at(99)))).toMatchObject([
    { stage: null, tookMs: 2_000, left: 0, width: 20, state: 'SUCCEEDED' },
    { stage: 'scale', tookMs: 1_000, left: 20, width: 10 },
    { stage: 'wait-until-ready', tookMs: 7_000, left: 30, width: 70 },
  ]);
});

it('each call has its place on the same axis, and those before the last ones are counted', () => {
  const scale = { ...stage('scale', 2, 3), calls: [call(3), call(99)], callCount: 7 };
  const done = operation({ ...requested, state: 'SUCCEEDED', finishedAt: at(10), stages: [scale] });
  const [, bar] = barsOf(done, Date.parse(at(99)));
  expect(bar?.calls.map(({ left }) => left)).toEqual([30, 100]);
  expect(bar?.earlierCalls).toBe(5);
});

it('a stage that runs reaches until now, and one that has not begun has no bar', () => {
  const runs = operation({ ...requested, stages: [stage('scale', 2, null), stage('wait', null, null)] });
  const [, scale, wait] = barsOf(runs, Date.parse(at(20)));
  expect(scale).toMatchObject({ tookMs: 18_000, left: 10, width: 90 });
  expect(wait).toMatchObject({ tookMs: null, width: 0 });
});

it('an operation in line only waits', () => {
  const [wait] = barsOf(operation({ ...requested, startedAt: null, state: 'QUEUED' }), Date.parse(at(5)));
  expect(wait).toMatchObject({ state: 'QUEUED', tookMs: 5_000, width: 100 });
});

it('one that was cancelled in line waited until then', () => {
  const ended = operation({ ...requested, startedAt: null, state: 'CANCELLED', finishedAt: at(4) });
  expect(barsOf(ended, Date.parse(at(50)))[0]).toMatchObject({ state: 'CANCELLED', tookMs: 4_000 });
});

it('no bar leaves the axis where the clock of the browser is behind', () => {
  const runs = operation({ ...requested, stages: [stage('scale', 2, null)] });
  for (const { left, width } of barsOf(runs, Date.parse(at(1))))
    expect(left + width).toBeLessThanOrEqual(100);
});
