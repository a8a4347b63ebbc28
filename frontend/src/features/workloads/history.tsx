import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { operationList } from '@/features/operations/list';
import { ResourceList } from '@/resource/resource-list';

const history: typeof operationList = { ...operationList, filters: [], first: 100, none: 'detail.noHistory' };

export function History({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <ResourceList list={history} within={{ target: id }} />
      <Link href={`/audit?target=${encodeURIComponent(id)}`} prefetch={false}>
        {t('detail.toAudit')}
      </Link>
    </div>
  );
}
