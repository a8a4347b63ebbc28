import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { Pods } from '@/features/pods/list';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { Age } from '@/ui/feedback/age';
import { counts } from './counts';
import { Runs } from './runs';

export function Overview({ workload }: { workload: WorkloadDetailFragment }) {
  const { t } = useTranslation();
  const { owner } = workload;
  const numbers = counts(workload);
  const labels = Object.entries((workload.labels ?? {}) as Record<string, string>);
  return (
    <>
      <dl className="facts">
        {numbers.length > 0 && (
          <>
            <dt>{t('detail.counts')}</dt>
            <dd data-testid="detail-counts">
              {numbers.map(([words, count]) => t(`counts.${words}`, { count })).join(' · ')}
            </dd>
          </>
        )}
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
      {workload.kind === 'CRON_JOB' ? <Runs cronJob={workload} /> : <Pods workload={workload} />}
    </>
  );
}
