import type {
  WorkloadChangedSubscription,
  WorkloadFilter,
  WorkloadOrder,
  WorkloadRowFragment,
  WorkloadsQuery,
} from '@/graphql/generated/graphql';
import type { Positioned } from '@/graphql/live';

export interface WorkloadWindowArgs {
  filter: WorkloadFilter;
  orderBy: WorkloadOrder;
  first: number;
  after?: string | null;
}

/** The part of the list that is on the screen, with the number of live changes each row had since it was read. */
export type WorkloadWindow = WorkloadsQuery['workloads'] & Positioned & { changes: Record<string, number> };

type Change = WorkloadChangedSubscription['workloadChanged'];

/** Puts one live change into the window, at its place in the order, without asking the server again. */
export function applyWorkloadChange(window: WorkloadWindow, change: Change, args: WorkloadWindowArgs) {
  const { workload, workloadId } = change;
  const known = window.nodes.findIndex(({ id }) => id === workloadId);
  const gone = change.kind === 'REMOVED' || !workload;

  if (known >= 0) window.nodes.splice(known, 1);
  if (gone) {
    if (known >= 0 || args.after || window.pageInfo.hasNextPage) window.totalCount -= 1;
    window.totalCount = Math.max(window.totalCount, window.nodes.length);
    return;
  }

  if (known < 0 && change.kind === 'ADDED') window.totalCount += 1;
  const compare = comparison(args.orderBy);
  const place = window.nodes.findIndex((row) => compare(workload, row) < 0);
  if (place >= 0 && (place > 0 || !args.after || known >= 0)) window.nodes.splice(place, 0, workload);
  // Past the last row it belongs here only if it was here, or if this is the last window.
  else if (place < 0 && (known >= 0 || !window.pageInfo.hasNextPage)) window.nodes.push(workload);
  else return;
  window.totalCount = Math.max(window.totalCount, window.nodes.length);
  window.changes[workloadId] = (window.changes[workloadId] ?? 0) + 1;
}

function comparison({ field, direction }: WorkloadOrder) {
  const sign = direction === 'DESC' ? -1 : 1;
  return (one: WorkloadRowFragment, other: WorkloadRowFragment) =>
    sign * compareText(sortKey(one, field), sortKey(other, field)) || compareText(one.id, other.id);
}

function sortKey(row: WorkloadRowFragment, field: WorkloadOrder['field']): string {
  switch (field) {
    case 'NAME':
      return row.name;
    case 'NAMESPACE':
      return `${row.namespace}/${row.name}`;
    case 'STATE':
      return `${row.state}/${row.name}`;
    case 'CREATED_AT':
      return row.createdAt;
  }
}

function compareText(one: string, other: string) {
  return one < other ? -1 : one > other ? 1 : 0;
}
