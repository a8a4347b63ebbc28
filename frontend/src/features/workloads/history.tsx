import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { operationList } from '@/features/operations/list';
import { OperationTimeline } from '@/features/operations/timeline';
import { ResourceList } from '@/resource/resource-list';
import { Revisions } from './revisions';

const operations: typeof operationList = {
  ...operationList,
  filters: [],
  first: 100,
  Rows: ({ window }) => (
    <div className="panel">
      <OperationTimeline operations={window.nodes} />
    </div>
  ),
  none: 'detail.noHistory',
};

interface HistoryProps {
  id: string;
  /** Without it the workload does not exist any more: its operations are kept, its changes are in the audit log. */
  workload?: { id: string };
}

/** What was requested of a workload, and what changed in its manifest. */
export function History({ id, workload }: HistoryProps) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      {workload && <h2>{t('operations.title')}</h2>}
      <ResourceList list={operations} within={{ target: id }} />
      {workload && (
        <>
          <h2>{t('revisions.title')}</h2>
          <Revisions workload={workload} />
        </>
      )}
      <Link href={`/audit?target=${encodeURIComponent(id)}`} prefetch={false}>
        {t('detail.toAudit')}
      </Link>
    </div>
  );
}
