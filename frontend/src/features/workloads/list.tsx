'use client';

import { PlusOutlined } from '@ant-design/icons';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLeftOutPlace } from '@/features/clusters/api';
import { clusterOf } from '@/features/clusters/cluster-of';
import { placeFilters } from '@/features/clusters/place-filters';
import { useMissingKinds } from '@/features/clusters/use-missing-kinds';
import { useMeasured } from '@/features/usage/row-usage';
import { valuesOf } from '@/graphql/enum';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { eitherKeys } from '@/resource/keys';
import { ResourceTable } from '@/resource/lazy-table';
import { type ListSpec, ResourceList, type RowsProps } from '@/resource/resource-list';
import { useRowTabKeys } from '@/resource/use-tab-keys';
import { LinkButton } from '@/ui/controls/link-button';
import { PageHead } from '@/ui/page-head';
import { sortValues, useWorkloadsQuery, type WorkloadWindowArgs } from './api';
import { columns } from './columns';
import { workloadCsv } from './csv';
import { workloadKinds } from './kinds';
import { RowLinks } from './row-links';
import { isProblem, workloadStates } from './states';
import { usageColumns, WorkloadUsageOfRows } from './usage';

const RowRestart = dynamic(() => import('./row-restart').then((module) => module.RowRestart), {
  ssr: false,
});

export const workloadList: ListSpec<WorkloadRowFragment, WorkloadWindowArgs> = {
  name: 'workload',
  title: 'workloads.title',
  useQuery: useWorkloadsQuery,
  first: 200,
  idOf: ({ id }) => id,
  columns,
  useLeftOut: useLeftOutPlace,
  csv: workloadCsv,
  filters: [
    { key: 'q', field: 'search', control: 'search', label: 'workloads.search' },
    ...placeFilters,
    {
      key: 'kind',
      field: 'kinds',
      control: 'choice',
      token: 'kind',
      label: 'workloads.kind',
      values: workloadKinds,
      words: 'workloadKind',
    },
    {
      key: 'state',
      field: 'states',
      control: 'choice',
      token: 'state',
      label: 'workloads.state',
      values: workloadStates,
      words: 'workloadState',
    },
    { key: 'image', field: 'image', control: 'text', token: 'image', label: 'pods.image' },
    {
      key: 'label',
      field: 'labelSelector',
      control: 'selector',
      token: 'label',
      label: 'workloads.label',
    },
  ],
  unanswered: { node: 'query.nodeOfPods' },
  order: { fields: valuesOf(sortValues), initial: { field: 'STATE', direction: 'ASC' } },
  views: {
    field: 'workloads',
    filter: 'WorkloadFilter',
    builtIn: [
      { id: 'all', name: 'views.all', query: {} },
      {
        id: 'attention',
        name: 'views.attention',
        query: { state: workloadStates.filter(isProblem).join() },
        isTrouble: true,
      },
    ],
  },
  Around: WorkloadUsageOfRows,
  Rows,
  lagsAs: 'workloads',
  none: 'workloads.none',
  noneMatch: 'workloads.noneMatch',
  useMissing: ({ kinds, cluster, owner }) => {
    const { t } = useTranslation();
    const chosen = kinds?.length ? kinds : workloadKinds;
    const names = chosen.map((kind) => serverWord(t, 'workloadKind', kind));
    return useMissingKinds(names, cluster ?? clusterOf(owner));
  },
};

function Rows(props: RowsProps<WorkloadRowFragment>) {
  const [restarting, setRestarting] = useState<string | null>(null);
  const close = useCallback(() => setRestarting(null), []);
  const restart = { ...eitherKeys.restart, run: ({ id }: WorkloadRowFragment) => setRestarting(id) };
  return (
    <>
      <ResourceTable
        {...props}
        name="workload"
        columns={useMeasured(columns, usageColumns)}
        nameOf={({ name }) => name}
        rowActions={(row) => <RowLinks row={row} />}
        rowKeys={[...useRowTabKeys('workloads'), restart]}
        data={({ name, state }) => ({ 'data-name': name, 'data-state': state })}
      />
      {restarting && <RowRestart key={restarting} id={restarting} close={close} />}
    </>
  );
}

export function WorkloadList() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('workloads.title')}>
        <LinkButton type="primary" icon={<PlusOutlined />} href="/workloads/new" data-testid="create">
          {t('workloads.create')}
        </LinkButton>
      </PageHead>
      <ResourceList
        list={workloadList}
        firstStep={<Link href="/workloads/new">{t('workloads.createFirst')}</Link>}
      />
    </>
  );
}
