'use client';

import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { OperationStateTag } from '@/features/operations/states';
import { serverWord } from '@/language/texts';
import { objectPath } from '@/resource/path';
import { type ListSpec, ResourceList, type RowsProps } from '@/resource/resource-list';
import { useHover } from '@/resource/use-hover';
import type { WindowArgs } from '@/resource/window';
import { LinkButton } from '@/ui/controls/link-button';
import { Age } from '@/ui/feedback/age';
import { PageHead } from '@/ui/page-head';
import { type BatchRow, useBatchesQuery } from './api';
import { BatchProgress } from './progress';

/** The list has no subscription: it is read again so often. */
const POLL_MS = 5_000;

export const batchList: ListSpec<BatchRow, WindowArgs> = {
  name: 'batch',
  title: 'batches.title',
  useQuery: (args) => useBatchesQuery(args, { pollingInterval: POLL_MS, skipPollingIfUnfocused: true }),
  first: 50,
  idOf: ({ id }) => id,
  filters: [],
  Rows: Entries,
  none: 'batches.none',
  noneMatch: 'batches.none',
};

function Entries({ window, onHover }: RowsProps<BatchRow>) {
  const hover = useHover(onHover);
  return (
    <div className="panel" {...hover}>
      <ul className="operations">
        {window.nodes.map((batch) => (
          <li key={batch.id}>
            <BatchEntry batch={batch} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function BatchEntry({ batch }: { batch: BatchRow }) {
  const { t } = useTranslation();
  const { id, kind, state, total, actor, requestedAt, reason } = batch;
  return (
    <div className="operation" data-testid="batch-entry" data-state={state}>
      <div className="operation-head">
        <span className="grow">
          <Link href={objectPath('batches', id)} prefetch={false} data-testid="batch-open">
            <strong>{t('batches.of', { what: serverWord(t, 'operationKind', kind), total })}</strong>
          </Link>
        </span>
        <OperationStateTag state={state} />
      </div>
      <div className="quiet">
        {actor?.displayName ?? t('component.system')}
        {' · '}
        <Age at={requestedAt} />
        {reason && ` · ${t('operations.reason', { reason })}`}
      </div>
      <BatchProgress batch={batch} />
    </div>
  );
}

/** Many operations that were requested as one. */
export function BatchList() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('batches.title')}>
        <LinkButton href="/operations">{t('tray.all')}</LinkButton>
      </PageHead>
      <ResourceList
        list={batchList}
        firstStep={
          <>
            <p className="quiet">{t('batches.first')}</p>
            <LinkButton href="/edit">{t('edit.newTitle')}</LinkButton>
          </>
        }
      />
    </>
  );
}
