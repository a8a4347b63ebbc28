import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { Age, useNow } from '@/ui/feedback/age';
import { workloadsApi } from './api';
import { type CronSchedule, nextRun } from './next-run';

const { useQueryState } = workloadsApi.endpoints.workload;

const MINUTE_MS = 60_000;

interface ScheduleProps {
  workload: WorkloadDetailFragment;
  schedule: CronSchedule;
}

/** When a CronJob runs: what it was given, and its last and its next run. */
export function Schedule({ workload, schedule }: ScheduleProps) {
  const { t } = useTranslation();
  const { expression, timeZone, lastRunAt } = schedule;
  return (
    <section className="panel" aria-labelledby="schedule" data-testid="schedule">
      <h2 id="schedule">{t('create.spec.schedule')}</h2>
      <dl className="facts">
        <dt>{t('schedule.expression')}</dt>
        <dd>
          <code>{expression}</code>
        </dd>
        <dt>{t('create.spec.timeZone')}</dt>
        <dd>{timeZone ?? <span className="quiet">{t('schedule.noTimeZone')}</span>}</dd>
        <dt>{t('schedule.lastRun')}</dt>
        <dd>{lastRunAt ? <Age at={lastRunAt} /> : <span className="quiet">{t('schedule.noRun')}</span>}</dd>
        <NextRun workload={workload} schedule={schedule} />
      </dl>
    </section>
  );
}

/** Nothing where it is not known, and where no run can come. */
function NextRun({ workload: { id, state, cause }, schedule }: ScheduleProps) {
  const { t } = useTranslation();
  const { expression, timeZone } = schedule;
  const { currentData } = useQueryState(id);
  // Runs begin with a minute, so nothing changes within one.
  const minute = Math.floor(useNow() / MINUTE_MS) * MINUTE_MS;
  const next = useMemo(() => nextRun({ expression, timeZone }, minute), [expression, timeZone, minute]);
  const isOver = currentData?.isGone || state === 'DELETING' || cause?.message.code === 'SCHEDULE_INVALID';
  const isSuspended = state === 'SUSPENDED';
  if (isOver || (next === null && !isSuspended)) return null;
  return (
    <>
      <dt>{t('schedule.nextRun')}</dt>
      <dd data-testid="next-run">
        {next === null || isSuspended ? t('schedule.suspended') : <Age at={next} isAhead />}
        {!timeZone && !isSuspended && <span className="quiet"> {t('schedule.ifUtc')}</span>}
      </dd>
    </>
  );
}
