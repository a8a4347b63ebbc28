'use client';

import { Radio } from 'antd';
import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { OperationEntries } from '@/features/operations/entries';
import { OperationStateTag, operationStates } from '@/features/operations/states';
import type { GraphqlError } from '@/graphql/error';
import { serverWord } from '@/language/texts';
import { Neighbours } from '@/resource/neighbours';
import { Pager, usePager } from '@/resource/pager';
import { useObjectId } from '@/resource/use-object-id';
import { useReread } from '@/resource/use-reread';
import { WindowRows } from '@/resource/window-rows';
import { Age } from '@/ui/feedback/age';
import { Empty } from '@/ui/feedback/empty';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { onlyAllowed, useAddress } from '@/ui/hooks/use-address';
import { PageHead } from '@/ui/page-head';
import { type BatchRow, useBatchMembersQuery, useBatchQuery } from './api';
import { BatchActions } from './batch-actions';
import { batchList } from './list';
import { BatchProgress } from './progress';

/** One batch, followed to its end: how far it is, and each of its operations. */
export function BatchPage() {
  const { t } = useTranslation();
  const id = useObjectId();
  const { currentData, error, refetch, fulfilledTimeStamp } = useBatchQuery(id);
  const batch = currentData?.batch;
  const title = batch
    ? t('batches.of', { what: serverWord(t, 'operationKind', batch.kind), total: batch.total })
    : t('batches.one');
  const toList = (
    <Link href="/batches" prefetch={false}>
      {t('batches.all')}
    </Link>
  );
  return (
    <>
      <Neighbours list={batchList.name} path="batches" id={id} toList={toList} />
      <PageHead title={title} beside={batch && <OperationStateTag state={batch.state} />}>
        {batch && <BatchActions batch={batch} />}
      </PageHead>
      {error && (
        <Problem
          error={error as GraphqlError}
          retry={refetch}
          asOf={batch ? fulfilledTimeStamp : undefined}
        />
      )}
      {!error && !currentData && <Loading retry={refetch} />}
      {currentData && !batch && (
        <section className="panel" data-testid="batch-missing">
          <Empty text={t('batches.missing')} />
        </section>
      )}
      {batch && (
        <>
          <section
            className="panel stack"
            aria-label={t('batches.progress')}
            data-testid="batch"
            data-state={batch.state}
          >
            <div role="status">
              <BatchProgress batch={batch} />
            </div>
            <Facts batch={batch} />
          </section>
          <Members batch={batch} />
        </>
      )}
    </>
  );
}

function Facts({ batch: { actor, reason, requestedAt, finishedAt } }: { batch: BatchRow }) {
  const { t } = useTranslation();
  return (
    <dl className="facts">
      <dt>{t('operations.who')}</dt>
      <dd>{actor?.displayName ?? t('component.system')}</dd>
      <dt>{t('operations.requested')}</dt>
      <dd>
        <Age at={requestedAt} />
      </dd>
      {finishedAt && (
        <>
          <dt>{t('batches.ended')}</dt>
          <dd>
            <Age at={finishedAt} />
          </dd>
        </>
      )}
      <dt>{t('operations.why')}</dt>
      <dd>{reason ?? <span className="quiet">{t('operations.noReason')}</span>}</dd>
    </dl>
  );
}

const FIRST = 50;

/** The operations, by state if one is chosen. Those that failed are found without reading the others. */
function Members({ batch }: { batch: BatchRow }) {
  const { t } = useTranslation();
  const address = useAddress();
  const states = onlyAllowed(address.list('state'), operationStates);
  const filter = { batch: batch.id, states };
  const pager = usePager(JSON.stringify(filter));
  const { currentData, data, error, refetch } = useBatchMembersQuery({
    filter,
    first: FIRST,
    after: pager.after,
  });
  useReread(() => void refetch(), batch);
  const window = currentData ?? data;
  return (
    <section aria-labelledby="members">
      <h2 id="members">{t('batches.members')}</h2>
      <div className="stack">
        <Radio.Group
          optionType="button"
          value={states.join()}
          onChange={({ target }) => address.set({ state: target.value || null })}
          aria-label={t('operations.state')}
          options={[
            { value: '', label: t('history.all') },
            ...(['FAILED', 'RUNNING', 'SUCCEEDED'] as const).map((state) => ({
              value: state as string,
              label: t(`operationState.${state}`),
            })),
          ]}
        />
        <WindowRows
          rows={window?.nodes}
          error={error}
          retry={() => void refetch()}
          empty={
            <section className="panel">
              <Empty text={t(states.length > 0 ? 'operations.noneMatch' : 'batches.noMembers')} />
            </section>
          }
        >
          {() =>
            window && (
              <div className="panel" data-testid="batch-members">
                <OperationEntries operations={window.nodes} />
              </div>
            )
          }
        </WindowRows>
        <Pager pager={pager} next={window?.pageInfo.hasNextPage ? window.pageInfo.endCursor : null} />
      </div>
    </section>
  );
}
