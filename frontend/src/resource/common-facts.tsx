import { useTranslation } from 'react-i18next';
import { Age } from '@/ui/feedback/age';

interface CommonFactsProps {
  /** Null if the cluster does not say. */
  createdAt: string | null;
  labels: unknown;
}

/** What every object has: when it was created, and its labels. */
export function CommonFacts({ createdAt, labels: given }: CommonFactsProps) {
  const { t } = useTranslation();
  const labels = Object.entries((given ?? {}) as Record<string, string>);
  return (
    <>
      {createdAt && (
        <>
          <dt>{t('workloads.created')}</dt>
          <dd>
            <Age at={createdAt} />
          </dd>
        </>
      )}
      <dt>{t('detail.labels')}</dt>
      <dd>
        {labels.length === 0 && <span className="quiet">{t('detail.none')}</span>}
        {labels.map(([key, value]) => (
          <code key={key} className="label">
            {key}={value}
          </code>
        ))}
      </dd>
    </>
  );
}
