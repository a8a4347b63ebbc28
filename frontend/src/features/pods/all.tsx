'use client';

import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { useLeftOutPlace } from '@/features/clusters/api';
import { Place } from '@/features/clusters/place';
import { placeFilters } from '@/features/clusters/place-filters';
import { useMeasured } from '@/features/usage/row-usage';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import type { ColumnKey } from '@/resource/columns/column-title';
import { ResourceTable } from '@/resource/lazy-table';
import { objectPath } from '@/resource/path';
import { type ListSpec, ResourceList } from '@/resource/resource-list';
import type { Column } from '@/resource/resource-table';
import { useRowTabKeys } from '@/resource/use-tab-keys';
import { Middle } from '@/ui/feedback/middle';
import { PageHead } from '@/ui/page-head';
import type { PodWindowArgs } from './api';
import { columns, usageColumns } from './columns';
import { podList, podTable } from './list';

const [name, ...others] = columns as [Column<PodRowFragment>, ...Column<PodRowFragment>[]];

/** Three more columns leave less room for the others. */
const sizes: Partial<Record<ColumnKey, Partial<Column<PodRowFragment>>>> = {
  'pods.state': { width: 200, least: 150 },
  'pods.ready': { width: 62, narrow: undefined },
  'usage.cpu': { width: 92 },
  'usage.memory': { width: 92 },
  'pods.node': { width: 86 },
};

/** Beside what the pods of one workload show: where each one belongs. */
export const allColumns: readonly Column<PodRowFragment>[] = [
  {
    ...name,
    width: 150,
    narrow: 150,
    cell: (row, isNarrow, width) => (
      <>
        {name.cell(row, isNarrow, width)}
        {isNarrow && <PlaceAndRestarts row={row} />}
      </>
    ),
  },
  { title: 'workloads.cluster', width: 96, cell: ({ cluster }) => <Middle text={cluster.name} /> },
  { title: 'workloads.namespace', width: 98, cell: ({ namespace }) => <Middle text={namespace} /> },
  // A pod is named after it.
  { title: 'pods.workload', width: 94, spare: 0, cell: ({ workload }) => <Owner workload={workload} /> },
  ...others.map((column) => ({ ...column, ...sizes[column.title] })),
];

/** Its workload is told by its name. */
function PlaceAndRestarts({ row }: { row: PodRowFragment }) {
  const { t } = useTranslation();
  return (
    <div className="quiet pod-place">
      <Place row={row} />
      {row.restarts > 0 && (
        <span className="nowrap warn-text">· {t('pods.restartCount', { count: row.restarts })}</span>
      )}
    </div>
  );
}

function Owner({ workload }: Pick<PodRowFragment, 'workload'>) {
  if (!workload) return null;
  return (
    <Link href={objectPath('workloads', workload.id)} prefetch={false}>
      <Middle text={workload.name} />
    </Link>
  );
}

export const allPods: ListSpec<PodRowFragment, PodWindowArgs> = {
  ...podList,
  title: 'pods.title',
  columns: allColumns,
  useLeftOut: useLeftOutPlace,
  filters: [...placeFilters, ...podList.filters],
  views: {
    field: 'pods',
    filter: 'PodFilter',
    builtIn: [
      { id: 'all', name: 'views.all', query: {} },
      { id: 'attention', name: 'views.attention', query: { problem: 'known' }, isTrouble: true },
    ],
  },
  Rows: (props) => (
    <ResourceTable
      {...props}
      {...podTable}
      columns={useMeasured(allColumns, usageColumns)}
      rowKeys={useRowTabKeys('pods')}
    />
  ),
  lagsAs: 'pods',
  none: 'pods.noneAtAll',
};

/** The pods of all workloads, and those without one. */
export function PodList() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('pods.title')} />
      <ResourceList list={allPods} />
    </>
  );
}
