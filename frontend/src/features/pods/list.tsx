import { clusterOf } from '@/features/clusters/cluster-of';
import { useMissingKinds } from '@/features/clusters/use-missing-kinds';
import { useMeasured } from '@/features/usage/row-usage';
import { valuesOf } from '@/graphql/enum';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { ResourceTable } from '@/resource/lazy-table';
import { type ListSpec, ResourceList } from '@/resource/resource-list';
import { useRowTabKeys } from '@/resource/use-tab-keys';
import { Copy } from '@/ui/controls/copy';
import { type PodWindowArgs, podSortValues, usePodsQuery } from './api';
import { Containers, columns, usageColumns } from './columns';
import { podCsv } from './csv';
import { podPhases } from './state';
import { PodUsageOfRows } from './usage';

/** What the tables of pods have in common. */
export const podTable = {
  name: 'pod',
  nameOf: ({ name }: PodRowFragment) => name,
  Unfolded: Containers,
  rowActions: ({ name }: PodRowFragment) => <Copy text={name} />,
  data: ({ name, phase, ready }: PodRowFragment) => ({
    'data-name': name,
    'data-phase': phase,
    'data-ready': ready,
  }),
};

export const podList: ListSpec<PodRowFragment, PodWindowArgs> = {
  name: 'pod',
  title: 'detail.pods',
  useQuery: usePodsQuery,
  first: 200,
  idOf: ({ id }) => id,
  columns,
  csv: podCsv,
  filters: [
    { key: 'q', field: 'search', control: 'search', label: 'pods.search' },
    {
      key: 'state',
      field: 'phases',
      control: 'choice',
      token: 'state',
      label: 'pods.state',
      values: podPhases,
      words: 'podPhase',
    },
    {
      key: 'problem',
      field: 'hasCause',
      control: 'choice',
      token: 'problem',
      label: 'pods.problem',
      values: ['known', 'none'],
      yes: 'known',
      words: 'podProblem',
    },
    { key: 'node', field: 'node', control: 'text', token: 'node', label: 'pods.node' },
    { key: 'image', field: 'image', control: 'text', token: 'image', label: 'pods.image' },
    {
      key: 'label',
      field: 'labelSelector',
      control: 'selector',
      token: 'label',
      label: 'workloads.label',
    },
  ],
  unanswered: { kind: 'query.allPods' },
  order: { fields: valuesOf(podSortValues), initial: { field: 'STATE', direction: 'ASC' } },
  Around: PodUsageOfRows,
  Rows: (props) => (
    <ResourceTable
      {...props}
      {...podTable}
      columns={useMeasured(columns, usageColumns)}
      rowKeys={useRowTabKeys('pods')}
    />
  ),
  lagsAs: 'pods',
  none: 'pods.none',
  noneMatch: 'pods.noneMatch',
  useMissing: ({ cluster, workload }) => useMissingKinds(['Pod'], cluster ?? clusterOf(workload)),
};

/** The pods of one workload. */
export function Pods({ workload }: { workload: { id: string } }) {
  return (
    <div className="stack">
      <ResourceList list={podList} within={{ workload: workload.id }} />
    </div>
  );
}
