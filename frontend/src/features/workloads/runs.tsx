import { valuesOf } from '@/graphql/enum';
import { ResourceList } from '@/resource/resource-list';
import { sortValues } from './api';
import { workloadList } from './list';

const runs: typeof workloadList = {
  ...workloadList,
  title: 'detail.runs',
  first: 50,
  filters: [],
  views: undefined,
  order: { fields: valuesOf(sortValues), initial: { field: 'CREATED_AT', direction: 'DESC' } },
  none: 'detail.noRuns',
};

/** The Jobs that a CronJob made, the newest first. */
export function Runs({ cronJob }: { cronJob: { id: string } }) {
  return (
    <div className="stack">
      <ResourceList list={runs} within={{ owner: cronJob.id, kinds: ['JOB'] }} />
    </div>
  );
}
