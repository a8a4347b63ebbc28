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

/** The part of the list that is on the screen. */
export type WorkloadWindow = WorkloadsQuery['workloads'] &
  Positioned & {
    /** Live changes each row had since it was read. */
    changes: Record<string, number>;
    /** A row outside the window may have entered or left the filter: only the server knows the total. */
    uncertain: boolean;
  };

type Change = WorkloadChangedSubscription['workloadChanged'];

/** Puts one live change into the window, at its place in the order, without asking the server again. */
export function applyWorkloadChange(window: WorkloadWindow, change: Change, args: WorkloadWindowArgs) {
  const { workload, workloadId } = change;
  const known = window.nodes.findIndex(({ id }) => id === workloadId);
  const partial = Boolean(args.after) || window.pageInfo.hasNextPage;
  if (known >= 0) window.nodes.splice(known, 1);

  if (change.kind === 'REMOVED' || !workload) {
    // Whatever does not match the filter is reported as removed once, whether it was in the list before or not.
    if (known >= 0 || (partial && isFixed(args.filter))) window.totalCount -= 1;
    else if (partial) window.uncertain = true;
  } else {
    if (known < 0 && change.kind === 'ADDED') window.totalCount += 1;
    else if (known < 0 && partial && !isFixed(args.filter)) window.uncertain = true;
    if (place(window, workload, args, known >= 0)) {
      window.changes[workloadId] = (window.changes[workloadId] ?? 0) + 1;
    }
  }
  if (!partial) window.totalCount = window.nodes.length;
}

/** Whether a row that matches this filter matches it for all its life. */
function isFixed({ states, search, labelSelector }: WorkloadFilter): boolean {
  return !states?.length && !search && !labelSelector;
}

function place(
  window: WorkloadWindow,
  workload: WorkloadRowFragment,
  args: WorkloadWindowArgs,
  known: boolean,
) {
  const compare = comparison(args.orderBy);
  const at = window.nodes.findIndex((row) => compare(workload, row) < 0);
  // Before the first row it may belong to the window before, past the last one to the window after.
  if (at > 0 || (at === 0 && (known || !args.after))) window.nodes.splice(at, 0, workload);
  else if (at < 0 && (known || !window.pageInfo.hasNextPage)) window.nodes.push(workload);
  else return false;
  return true;
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
