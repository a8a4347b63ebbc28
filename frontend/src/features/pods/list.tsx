import { useTranslation } from 'react-i18next';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { ResourceTable } from '@/resource/lazy-table';
import { type ListSpec, ResourceList } from '@/resource/resource-list';
import { type PodWindowArgs, usePodsQuery } from './api';
import { columns } from './columns';

export const podList: ListSpec<PodRowFragment, PodWindowArgs> = {
  name: 'pod',
  title: 'detail.pods',
  useQuery: usePodsQuery,
  first: 200,
  filters: [],
  Rows: (props) => (
    <ResourceTable
      {...props}
      name="pod"
      columns={columns}
      data={({ name, phase, ready }) => ({ 'data-name': name, 'data-phase': phase, 'data-ready': ready })}
    />
  ),
  none: 'pods.none',
  noneMatch: 'pods.none',
};

/** The pods of one workload. */
export function Pods({ workload }: { workload: { id: string } }) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <h2>{t('detail.pods')}</h2>
      <ResourceList list={podList} within={{ workload: workload.id }} />
    </div>
  );
}
