import { useTranslation } from 'react-i18next';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';
import { usePreference } from '@/ui/preferences/preferences-slice';
import { readiness } from './readiness';
import { WorkloadStateTag } from './states';

/** Why a workload is in its state or, while nothing is known to be wrong, how far it is. */
export function explanation({ cause, summary }: Pick<WorkloadRowFragment, 'cause' | 'summary'>) {
  return cause?.message.text ?? summary?.text;
}

/** Since when it has its cause or, without one, its state; null while that is not known. */
export function since({ cause, stateSince }: Pick<WorkloadRowFragment, 'cause' | 'stateSince'>) {
  return cause ? cause.since : stateSince;
}

/** The state of a workload, since when it has it, how many of its pods are ready, and how far it is. Its cause has a block of its own. */
export function StateLine({ workload }: { workload: WorkloadRowFragment }) {
  const { t } = useTranslation();
  const pods = readiness(workload);
  const isAbsolute = usePreference('times') === 'absolute';
  return (
    <>
      <WorkloadStateTag state={workload.state} />
      {/* Its cause says since when it lasts, which may be longer. */}
      {workload.stateSince && !workload.cause?.since && (
        <span className="quiet" data-testid="state-since">
          {t(isAbsolute ? 'detail.since' : 'detail.for')} <Age at={workload.stateSince} isShort />
        </span>
      )}
      <span data-testid="detail-ready">
        {pods && pods.desired > 0 && t('detail.ready', pods)}
        {pods && pods.desired > 0 && pods.surplus > 0 && t('detail.surplus', pods)}
        {pods?.desired === 0 && pods.surplus > 0 && t('detail.stopping', { count: pods.surplus })}
        {pods?.desired === 0 && pods.surplus === 0 && t('detail.noPods')}
      </span>
      <span className="quiet">{workload.summary?.text}</span>
    </>
  );
}
