import type {
  OperationChangedSubscription,
  OperationFieldsFragment,
  OperationFilter,
  OperationsQuery,
} from '@/graphql/generated/graphql';
import type { Positioned } from '@/graphql/live';
import { isAfter } from '@/graphql/position';

export interface OperationWindowArgs {
  filter: OperationFilter;
  first: number;
  after?: string | null;
}

export type OperationWindow = OperationsQuery['operations'] & Positioned;

type Change = OperationChangedSubscription['operationChanged'];

/** Newest request first; an operation that no longer fits the filter leaves the window. */
export function applyOperationChange(
  window: OperationWindow,
  { operation }: Change,
  args: OperationWindowArgs,
) {
  const known = window.nodes.findIndex(({ id }) => id === operation.id);
  const shown = window.nodes[known];
  if (shown && !isAfter(operation.lastPosition, shown.lastPosition)) return;
  const fits = matches(operation, args.filter);

  if (shown && fits) window.nodes[known] = operation;
  else if (shown) {
    window.nodes.splice(known, 1);
    window.totalCount -= 1;
  } else if (fits && !args.after) {
    const place = window.nodes.findIndex((row) => row.requestedAt < operation.requestedAt);
    if (place >= 0) window.nodes.splice(place, 0, operation);
    else if (!window.pageInfo.hasNextPage) window.nodes.push(operation);
    window.totalCount += 1;
  }
}

/** The public id of the object, which it keeps when it is deleted. */
function idOf({ kind, cluster, namespace, name }: OperationFieldsFragment['target']): string {
  return [kind, cluster.id, namespace ?? '_', name].join('~');
}

function matches(operation: OperationFieldsFragment, filter: OperationFilter): boolean {
  const { cluster, namespace, target, states, actor } = filter;
  if (cluster && operation.target.cluster.id !== cluster) return false;
  if (namespace && operation.target.namespace !== namespace) return false;
  if (target && idOf(operation.target) !== target) return false;
  if (actor && operation.actor?.id !== actor) return false;
  return !states?.length || states.includes(operation.state);
}
