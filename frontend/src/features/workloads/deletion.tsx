import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { Age } from '@/ui/feedback/age';
import type { Deletion } from './api';

/** Since when a workload is gone, and by whom as far as that is known. */
export function DeletionFacts({ deletion: { at, operation } }: { deletion: Deletion }) {
  const { t } = useTranslation();
  return (
    <div data-testid="deletion">
      <div className="sentence">
        {t('detail.goneSince')} <Age at={at} />
        {operation && (
          <>
            {' · '}
            {t('detail.goneBy', { name: operation.actor?.displayName ?? t('component.system') })}
            {' · '}
            <Link href={`/audit?operation=${encodeURIComponent(operation.id)}`} prefetch={false}>
              {t('detail.goneOperation')}
            </Link>
          </>
        )}
      </div>
      {operation?.reason && (
        <div className="quiet">{t('operations.reason', { reason: operation.reason })}</div>
      )}
      {!operation && <div className="quiet">{t('detail.goneOutside')}</div>}
    </div>
  );
}
