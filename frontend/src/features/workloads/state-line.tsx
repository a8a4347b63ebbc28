import { useTranslation } from 'react-i18next';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import { useRememberedReplicasQuery } from './api';
import { readiness } from './readiness';
import { WorkloadStateTag } from './states';

/** The state of a workload, how many of its pods are ready, and why. */
export function StateLine({ workload }: { workload: WorkloadRowFragment }) {
  const { t } = useTranslation();
  const pods = readiness(workload);
  return (
    <>
      <WorkloadStateTag state={workload.state} />
      <span data-testid="detail-ready">
        {pods && pods.desired > 0 && t('detail.ready', pods)}
        {pods && pods.desired > 0 && pods.surplus > 0 && t('detail.surplus', pods)}
        {pods?.desired === 0 && pods.surplus > 0 && t('detail.stopping', { count: pods.surplus })}
        {pods?.desired === 0 && pods.surplus === 0 && <Stopped id={workload.id} />}
      </span>
      <span className="quiet">{workload.reason}</span>
    </>
  );
}

function Stopped({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data: count } = useRememberedReplicasQuery(id, { refetchOnMountOrArgChange: true });
  return count ? t('detail.comesBack', { count }) : t('detail.noPods');
}
