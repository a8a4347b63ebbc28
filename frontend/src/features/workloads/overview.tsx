import dynamic from 'next/dynamic';
import { useTranslation } from 'react-i18next';
import { Conditions } from '@/features/causes/conditions';
import { LatestEvents } from '@/features/events/latest';
import { podsOf, usePodsQuery } from '@/features/pods/api';
import { Containers } from '@/features/pods/containers';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { Loading } from '@/ui/feedback/loading';
import { Facts } from './facts';
import { Rollout } from './rollout';

const Schedule = dynamic(() => import('./schedule').then((module) => module.Schedule), {
  ssr: false,
  loading: () => <Loading lines={4} />,
});

export function Overview({ workload }: { workload: WorkloadDetailFragment }) {
  const { t } = useTranslation();
  const hasPods = workload.kind !== 'CRON_JOB';
  const { data } = usePodsQuery(podsOf(workload), { skip: !hasPods });
  const pods = hasPods ? (data?.nodes ?? []) : [];
  const isPart = data?.pageInfo.hasNextPage;
  return (
    <div className="stack">
      {workload.schedule && <Schedule workload={workload} schedule={workload.schedule} />}
      <Rollout
        workload={workload}
        pods={isPart ? undefined : data?.nodes}
        tooMany={isPart ? pods.length : undefined}
      />
      {pods.length > 0 && <Containers pods={pods} />}
      {isPart && <p className="quiet">{t('pods.partial', { count: pods.length })}</p>}
      <div className="columns from-top">
        <LatestEvents of={workload} href={`${objectPath('workloads', workload.id)}?tab=events`} />
        <div className="stack">
          <Facts workload={workload} />
          <Conditions conditions={workload.conditions} />
        </div>
      </div>
    </div>
  );
}
