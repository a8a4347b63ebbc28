'use client';

import { PlusOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { Pager, usePager } from '@/resource/pager';
import { UnknownFilter } from '@/resource/unknown-filter';
import { Empty } from '@/ui/feedback/empty';
import { Problem } from '@/ui/feedback/problem';
import { useAddress } from '@/ui/hooks/use-address';
import { PageHead } from '@/ui/page-head';
import { useWorkloadsQuery } from './api';
import { Filters } from './filters';
import { kinds, listParameters, sortOf, sorts } from './list-parameters';
import { workloadStates } from './states';
import { WorkloadTable } from './table';

export function ContainerList() {
  const { t, i18n } = useTranslation();
  const address = useAddress();
  const parameters = listParameters(address);
  const pager = usePager(JSON.stringify(parameters));
  const { data, currentData, error, refetch, isFetching, fulfilledTimeStamp } = useWorkloadsQuery({
    ...parameters,
    after: pager.after,
  });
  const filtered = Object.keys(parameters.filter).length > 0;
  const shown = currentData ?? data;

  return (
    <>
      <PageHead title={t('workloads.title')}>
        <Link href="/workloads/new" prefetch={false} data-testid="create">
          <Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>
            {t('workloads.create')}
          </Button>
        </Link>
      </PageHead>
      <Filters address={address} filter={parameters.filter} />
      <UnknownFilter address={address} allowed={{ kind: kinds, state: workloadStates, sort: sorts }} />
      <p className="quiet" role="status" data-testid="workload-total">
        {shown &&
          t('workloads.shown', {
            shown: new Intl.NumberFormat(i18n.language).format(shown.nodes.length),
            total: new Intl.NumberFormat(i18n.language).format(shown.totalCount ?? 0),
          })}
      </p>
      {error && <Problem error={error as GraphqlError} retry={refetch} asOf={shown && fulfilledTimeStamp} />}
      {!shown && !error && <Skeleton active title={false} paragraph={{ rows: 10 }} />}
      {shown?.nodes.length === 0 && (
        <section className="panel">
          <Empty text={filtered ? t('workloads.noneMatch') : t('workloads.none')}>
            {filtered ? (
              <Button onClick={() => address.set({ ns: null, kind: null, state: null, q: null })}>
                {t('workloads.clear')}
              </Button>
            ) : (
              <Link href="/workloads/new">{t('workloads.createFirst')}</Link>
            )}
          </Empty>
        </section>
      )}
      {shown && shown.nodes.length > 0 && (
        <section className="panel flush" aria-label={t('workloads.title')} aria-busy={isFetching}>
          <WorkloadTable
            window={shown}
            orderBy={parameters.orderBy}
            onSort={(order) => address.set({ sort: order && sortOf(order) })}
          />
        </section>
      )}
      <Pager pager={pager} next={shown?.pageInfo.hasNextPage ? shown.pageInfo.endCursor : null} />
    </>
  );
}
