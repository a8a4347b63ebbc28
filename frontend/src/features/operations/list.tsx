'use client';

import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { type ListSpec, ResourceList } from '@/resource/resource-list';
import { PageHead } from '@/ui/page-head';
import { type OperationWindowArgs, useOperationsQuery } from './api';
import { OperationEntries } from './entries';
import { operationStates } from './states';

export const operationList: ListSpec<OperationFieldsFragment, OperationWindowArgs> = {
  name: 'operation',
  title: 'operations.title',
  useQuery: useOperationsQuery,
  first: 50,
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
  ],
  Rows: ({ window }) => (
    <div className="panel">
      <OperationEntries operations={window.nodes} />
    </div>
  ),
  none: 'operations.none',
  noneMatch: 'operations.noneMatch',
};

/** The same with its total, which costs the server a query. */
const countedList: typeof operationList = {
  ...operationList,
  useQuery: (args) => useOperationsQuery({ ...args, counted: true }),
};

export function OperationList() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('operations.title')} />
      <ResourceList list={countedList} />
    </>
  );
}
