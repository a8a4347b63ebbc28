import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { useOperationsQuery } from '@/features/operations/api';
import { OperationList } from '@/features/operations/entries';

export function History({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, error, refetch, fulfilledTimeStamp } = useOperationsQuery({
    filter: { target: id },
    first: 100,
  });
  return (
    <section className="panel" aria-label={t('detail.tab.history')}>
      <OperationList
        operations={data?.nodes}
        error={error}
        retry={refetch}
        asOf={fulfilledTimeStamp}
        empty={t('detail.noHistory')}
      />
      <Link href={`/audit?target=${encodeURIComponent(id)}`} prefetch={false}>
        {t('detail.toAudit')}
      </Link>
    </section>
  );
}
