// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { show } from '@/test/render';
import { cause, workloadDetail } from '@/test/samples';
import type { CronSchedule } from './next-run';
import { Schedule } from './schedule';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-01-10T12:00:30Z') }));
afterEach(() => void vi.useRealTimers());

function open(given: Partial<CronSchedule>, changes: Partial<WorkloadDetailFragment> = {}) {
  const schedule = { expression: '* * * * *', timeZone: 'Europe/Berlin', lastRunAt: null, ...given };
  const workload = workloadDetail({ name: 'tidy', kind: 'CRON_JOB', schedule, ...changes });
  show(<Schedule workload={workload} schedule={schedule} />);
}

const next = () => screen.queryByTestId('next-run');
const nextAt = () => next()?.querySelector('time')?.getAttribute('datetime');

it('the last and the next run stand beside the schedule', () => {
  open({ lastRunAt: '2026-01-10T12:00:00Z' });
  expect(screen.getByTestId('schedule')).toHaveTextContent(
    /^ScheduleCron expression\* \* \* \* \*Time zoneEurope\/BerlinLast run30 seconds agoNext runin 30 seconds$/,
  );
  expect(nextAt()).toBe('2026-01-10T12:01:00.000Z');
});

it('once its time has come, the run after it is the next one', () => {
  open({});
  expect(screen.getByTestId('schedule')).toHaveTextContent('Last runNone yet');
  act(() => void vi.advanceTimersByTime(31_000));
  expect(nextAt()).toBe('2026-01-10T12:02:00.000Z');
  expect(next()).toHaveTextContent('in 59 seconds');
});

it('the zone of the CronJob holds', () => {
  open({ expression: '0 3 * * *', timeZone: 'Asia/Tokyo' });
  expect(nextAt()).toBe('2026-01-10T18:00:00.000Z');
});

it('without a zone that of the controller holds, which is said', () => {
  open({ expression: '0 3 * * *', timeZone: null });
  expect(screen.getByTestId('schedule')).toHaveTextContent(
    "Not set: the cluster's controller manager uses its own, usually UTC",
  );
  expect(next()).toHaveTextContent('in 14 hours if that is UTC');
  expect(nextAt()).toBe('2026-01-11T03:00:00.000Z');
});

it.each([null, 'Europe/Berlin'])('a suspended CronJob does not run: %s', (timeZone) => {
  open({ timeZone, expression: timeZone ? '* * * * *' : '@every 1h' }, { state: 'SUSPENDED' });
  expect(next()).toHaveTextContent(/^Suspended: it does not run\.$/);
});

it.each([
  ['the expression is not known here', { expression: '@every 1h' }, {}],
  ['it is being deleted', {}, { state: 'DELETING' }],
  ['the controller cannot read it', {}, { cause: cause('bad zone', [], 'SCHEDULE_INVALID') }],
] as const)('no next run is shown where %s', (_, given, changes) => {
  open(given, changes);
  expect(screen.getByTestId('schedule')).toHaveTextContent('Cron expression');
  expect(next()).toBeNull();
});
