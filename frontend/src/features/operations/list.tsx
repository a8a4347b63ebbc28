'use client';

import { Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useKnownClusters } from '@/features/clusters/api';
import { clusterFilter } from '@/features/clusters/place-filters';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { type ListSpec, ResourceList, type RowsProps } from '@/resource/resource-list';
import { useHover } from '@/resource/use-hover';
import { useSession } from '@/session/session-slice';
import { LinkButton } from '@/ui/controls/link-button';
import { useAddress } from '@/ui/hooks/use-address';
import { PageHead } from '@/ui/page-head';
import { type OperationWindowArgs, useOperationsQuery } from './api';
import { OperationEntries } from './entries';
import { operationStates } from './states';

export const operationList: ListSpec<OperationFieldsFragment, OperationWindowArgs> = {
  name: 'operation',
  title: 'operations.title',
  useQuery: useOperationsQuery,
  first: 50,
  idOf: ({ id }) => id,
  filters: [
    {
      key: 'state',
      field: 'states',
      control: 'choice',
      token: 'state',
      label: 'operations.state',
      values: operationStates,
      words: 'operationState',
    },
    clusterFilter,
    { key: 'ns', field: 'namespace', control: 'text', token: 'namespace', label: 'workloads.namespace' },
    { key: 'since', field: 'since', control: 'time', edge: 'begin', token: 'since', label: 'list.since' },
    { key: 'until', field: 'until', control: 'time', edge: 'end', token: 'until', label: 'list.until' },
    { key: 'target', field: 'target', control: 'link', label: 'operations.object' },
  ],
  hint: 'operations.filter',
  Rows: Entries,
  lagsAs: 'operations_log',
  none: 'operations.none',
  noneMatch: 'operations.noneMatch',
};

/** The same with its total, which costs the server a query. */
const countedList: typeof operationList = {
  ...operationList,
  useQuery: (args) => useOperationsQuery({ ...args, counted: true }),
};

function Entries({ window, gone, onHover }: RowsProps<OperationFieldsFragment>) {
  const hover = useHover(onHover);
  return (
    <div className="panel" {...hover}>
      <OperationEntries operations={window.nodes} gone={gone} />
    </div>
  );
}

/** Those that the reader requested. */
const ownList: typeof operationList = { ...countedList, none: 'operations.noneOfMine' };

export function OperationList() {
  const { t } = useTranslation();
  const address = useAddress();
  const viewer = useSession().session?.viewer.id;
  // The chip of a filter has their names.
  useKnownClusters();
  const isMine = address.get('who') === 'me';
  return (
    <>
      <PageHead title={t('operations.title')}>
        <LinkButton href="/batches">{t('batches.title')}</LinkButton>
        <Radio.Group
          value={isMine ? 'me' : 'all'}
          onChange={({ target }) => address.set({ who: target.value === 'me' ? 'me' : null })}
          optionType="button"
          aria-label={t('history.who')}
          options={[
            { value: 'all', label: t('history.all') },
            { value: 'me', label: t('operations.mine') },
          ]}
        />
      </PageHead>
      <ResourceList
        list={isMine ? ownList : countedList}
        within={isMine ? { actor: viewer } : undefined}
        firstStep={
          <>
            <p className="quiet">{t('operations.first')}</p>
            <LinkButton href="/workloads">{t('detail.toList')}</LinkButton>
          </>
        }
      />
    </>
  );
}
