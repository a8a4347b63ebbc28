'use client';

import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { latestOperations, useOperationsQuery } from '@/features/operations/api';
import { OperationEntries } from '@/features/operations/entries';
import { isProblem as isFailure, operationStates } from '@/features/operations/states';
import { isProblem } from '@/features/workloads/states';
import type { GraphqlError } from '@/graphql/error';
import { serverWord } from '@/language/texts';
import { WindowRows } from '@/resource/window-rows';
import { Empty } from '@/ui/feedback/empty';
import { Problem } from '@/ui/feedback/problem';
import { PageHead } from '@/ui/page-head';
import { useOverviewQuery } from './api';
import { Counts } from './counts';
import { Problems } from './problems';

const failedOperations = { filter: { states: operationStates.filter(isFailure) }, first: 5 };

export function ContainerDashboard() {
  const { t } = useTranslation();
  const overview = useOverviewQuery();
  const latest = useOperationsQuery(latestOperations);
  const failed = useOperationsQuery(failedOperations);
  const { data } = overview;
  const total = data?.workloads.reduce((sum, { count }) => sum + count, 0);

  return (
    <>
      <PageHead title={t('dashboard.title')}>
        <Link href="/workloads/new" prefetch={false}>
          <Button type="primary" icon={<PlusOutlined />} data-testid="create">
            {t('workloads.create')}
          </Button>
        </Link>
      </PageHead>
      {overview.error && (
        <Problem
          error={overview.error as GraphqlError}
          retry={overview.refetch}
          asOf={data && overview.fulfilledTimeStamp}
        />
      )}
      {total === 0 ? (
        <section className="panel">
          <Empty text={t('dashboard.empty')}>
            <Link href="/workloads/new">{t('workloads.createFirst')}</Link>
          </Empty>
        </section>
      ) : (
        <Problems />
      )}
      <div className="columns">
        <section className="panel" aria-labelledby="count-workloads">
          <h2 id="count-workloads">{t('dashboard.workloads')}</h2>
          <Counts
            counts={data?.workloads.map(({ state, count }) => ({
              key: state,
              label: t(`workloadState.${state}`),
              count,
              href: `/workloads?state=${state}`,
              bad: isProblem(state),
            }))}
          />
        </section>
        <section className="panel" aria-labelledby="count-pods">
          <h2 id="count-pods">{t('dashboard.pods')}</h2>
          <Counts
            counts={data?.pods.map(({ phase, count }) => ({
              key: phase,
              label: serverWord(t, 'podPhase', phase),
              count,
              href: `/pods?state=${phase}`,
              bad: phase === 'Failed',
            }))}
          />
        </section>
        <section className="panel" aria-labelledby="count-operations">
          <h2 id="count-operations">{t('dashboard.operations')}</h2>
          <Counts
            counts={data?.operations.map(({ state, count }) => ({
              key: state,
              label: t(`operationState.${state}`),
              count,
              href: `/operations?state=${state}`,
              bad: isFailure(state),
            }))}
          />
        </section>
      </div>
      <div className="columns from-top">
        <section className="panel" aria-labelledby="latest-operations">
          <h2 id="latest-operations">{t('dashboard.latest')}</h2>
          <WindowRows
            rows={latest.data?.nodes.slice(0, 5)}
            error={latest.error}
            retry={latest.refetch}
            asOf={latest.fulfilledTimeStamp}
            empty={t('operations.none')}
          >
            {(operations) => <OperationEntries operations={operations} />}
          </WindowRows>
        </section>
        <section className="panel" aria-labelledby="failed-operations">
          <h2 id="failed-operations">{t('dashboard.failed')}</h2>
          <WindowRows
            rows={failed.data?.nodes.slice(0, 5)}
            error={failed.error}
            retry={failed.refetch}
            asOf={failed.fulfilledTimeStamp}
            empty={t('dashboard.noneFailed')}
          >
            {(operations) => <OperationEntries operations={operations} />}
          </WindowRows>
        </section>
      </div>
    </>
  );
}
