import { useTranslation } from 'react-i18next';
import { Pods } from '@/features/pods/list';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';

export function Overview({ workload }: { workload: WorkloadDetailFragment }) {
  const { t } = useTranslation();
  const labels = Object.entries((workload.labels ?? {}) as Record<string, string>);
  return (
    <>
      <dl className="facts">
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
      <Pods workload={workload} />
    </>
  );
}
