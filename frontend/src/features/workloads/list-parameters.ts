import { valuesOf } from '@/graphql/enum';
import type { WorkloadKind, WorkloadOrder } from '@/graphql/generated/graphql';
import { known, type useAddress } from '@/ui/hooks/use-address';
import { sortValues, type WorkloadWindowArgs } from './api';
import { workloadStates } from './states';

export const kinds: WorkloadKind[] = [
  'DEPLOYMENT',
  'STATEFUL_SET',
  'DAEMON_SET',
  'REPLICA_SET',
  'JOB',
  'CRON_JOB',
];
const byName: WorkloadOrder = { field: 'NAME', direction: 'ASC' };
const orders = new Map(
  valuesOf(sortValues).flatMap((field) =>
    (['ASC', 'DESC'] as const).map((direction): [string, WorkloadOrder] => [
      sortOf({ field, direction }),
      { field, direction },
    ]),
  ),
);
/** What `sort` may hold. */
export const sorts = [...orders.keys()];
export const WINDOW = 200;

/** How an order stands in the address. */
export function sortOf({ field, direction }: WorkloadOrder): string {
  return `${field}-${direction}`;
}

/** The address of the list page, read as what to ask the server for. */
export function listParameters(
  address: Pick<ReturnType<typeof useAddress>, 'get' | 'list'>,
): WorkloadWindowArgs {
  const [sort = ''] = address.list('sort');
  const namespaces = address.list('ns');
  const chosenKinds = known(address.list('kind'), kinds);
  const chosenStates = known(address.list('state'), workloadStates);
  const search = address.get('q');
  return {
    filter: {
      ...(namespaces.length > 0 && { namespaces }),
      ...(chosenKinds.length > 0 && { kinds: chosenKinds }),
      ...(chosenStates.length > 0 && { states: chosenStates }),
      ...(search && { search }),
    },
    orderBy: orders.get(sort) ?? byName,
    first: WINDOW,
  };
}
