import type { WorkloadKind, WorkloadOrder, WorkloadOrderField } from '@/graphql/generated/graphql';
import { known, type useAddress } from '@/ui/hooks/use-address';
import { workloadStates } from './states';
import type { WorkloadWindowArgs } from './window';

export const kinds: WorkloadKind[] = [
  'DEPLOYMENT',
  'STATEFUL_SET',
  'DAEMON_SET',
  'REPLICA_SET',
  'JOB',
  'CRON_JOB',
];
const fields: WorkloadOrderField[] = ['NAME', 'NAMESPACE', 'STATE', 'CREATED_AT'];
const byName: WorkloadOrder = { field: 'NAME', direction: 'ASC' };
const orders = new Map(
  fields.flatMap((field) =>
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
export function toQuestion(address: Pick<ReturnType<typeof useAddress>, 'get' | 'list'>): WorkloadWindowArgs {
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
