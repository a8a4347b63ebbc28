'use client';

import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Pager, usePager } from '@/resource/pager';
import { UnknownFilter } from '@/resource/unknown-filter';
import { known, useAddress } from '@/ui/hooks/use-address';
import { PageHead } from '@/ui/page-head';
import { useOperationsQuery } from './api';
import { OperationList } from './entries';
import { operationStates } from './states';

const PAGE = 50;

export function Operations() {
  const { t } = useTranslation();
  const address = useAddress();
  const chosen = known(address.list('state'), operationStates);
  const filter = chosen.length > 0 ? { states: chosen } : {};
  const pager = usePager(JSON.stringify(filter));
  const { data, error, refetch, fulfilledTimeStamp } = useOperationsQuery({
    filter,
    first: PAGE,
    counted: true,
    after: pager.after,
  });

  return (
    <>
      <PageHead title={t('operations.title')} />
      <div className="filters">
        <Select
          mode="multiple"
          allowClear
          className="filter"
          aria-label={t('operations.filterState')}
          placeholder={t('operations.filterState')}
          value={chosen}
          onChange={(value) => address.set({ state: value })}
          options={operationStates.map((value) => ({ value, label: t(`operationState.${value}`) }))}
        />
        {data && <span className="quiet">{t('operations.total', { count: data.totalCount ?? 0 })}</span>}
      </div>
      <UnknownFilter address={address} allowed={{ state: operationStates }} />
      <section className="panel" aria-label={t('operations.title')}>
        <OperationList operations={data?.nodes} error={error} retry={refetch} asOf={fulfilledTimeStamp} />
        <Pager pager={pager} next={data?.pageInfo.hasNextPage ? data.pageInfo.endCursor : null} />
      </section>
    </>
  );
}
