import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { podsOf, usePodsQuery } from '@/features/pods/api';
import { Containers } from '@/features/pods/containers';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { Age } from '@/ui/feedback/age';
import { Rollout } from './rollout';

export function Overview({ workload }: { workload: WorkloadDetailFragment }) {
  const { t } = useTranslation();
  const hasPods = workload.kind !== 'CRON_JOB';
  const { data } = usePodsQuery(podsOf(workload), { skip: !hasPods });
  const pods = hasPods ? (data?.nodes ?? []) : [];
  return (
    <div className="stack">
      <Rollout workload={workload} pods={data?.pageInfo.hasNextPage ? undefined : data?.nodes} />
      {pods.length > 0 && <Containers pods={pods} />}
      {data?.pageInfo.hasNextPage && <p className="quiet">{t('pods.partial', { count: pods.length })}</p>}
      <Facts workload={workload} />
    </div>
  );
}

function Facts({ workload }: { workload: WorkloadDetailFragment }) {
  const { t } = useTranslation();
  const { owner } = workload;
  const labels = Object.entries((workload.labels ?? {}) as Record<string, string>);
  return (
    <dl className="facts">
      {owner && (
        <>
          <dt>{t('detail.owner')}</dt>
          <dd>
            <Link href={objectPath('workloads', owner.id)} prefetch={false} data-testid="detail-owner">
              {t(`workloadKind.${owner.kind}`)} {owner.name}
            </Link>
          </dd>
        </>
      )}
      <dt>{t('workloads.images')}</dt>
      <dd>{workload.images.join(', ')}</dd>
      <dt>{t('workloads.created')}</dt>
      <dd>
        <Age at={workload.createdAt} />
      </dd>
      <dt>{t('detail.labels')}</dt>
      <dd>
        {labels.length === 0 && <span className="quiet">{t('detail.none')}</span>}
        {labels.map(([key, value]) => (
          <code key={key} className="label">
            {key}={value}
          </code>
        ))}
      </dd>
    </dl>
  );
}
