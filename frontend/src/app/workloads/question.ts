import type { WorkloadKind, WorkloadOrderField, WorkloadState } from '@/graphql/generated/graphql';
import { known, type useAddress } from '@/ui/use-address';
import type { WorkloadWindowArgs } from './window';

export const kinds: WorkloadKind[] = [
  'DEPLOYMENT',
  'STATEFUL_SET',
  'DAEMON_SET',
  'REPLICA_SET',
  'JOB',
  'CRON_JOB',
];
export const states: WorkloadState[] = [
  'FAILED',
  'DEGRADED',
  'UNKNOWN',
  'PROGRESSING',
  'DELETING',
  'RUNNING',
  'COMPLETED',
  'STOPPED',
  'SUSPENDED',
];
const fields: WorkloadOrderField[] = ['NAME', 'NAMESPACE', 'STATE', 'CREATED_AT'];
/** What `sort` may hold. */
export const orders = [...fields, 'ASC', 'DESC'];
export const WINDOW = 200;

/** The address of the list page, read as what to ask the server for. */
export function toQuestion(address: Pick<ReturnType<typeof useAddress>, 'get' | 'list'>): WorkloadWindowArgs {
  const [field] = known(address.list('sort').slice(0, 1), fields);
  const namespaces = address.list('ns');
  const chosenKinds = known(address.list('kind'), kinds);
  const chosenStates = known(address.list('state'), states);
  const search = address.get('q');
  return {
    filter: {
      ...(namespaces.length > 0 && { namespaces }),
      ...(chosenKinds.length > 0 && { kinds: chosenKinds }),
      ...(chosenStates.length > 0 && { states: chosenStates }),
      ...(search && { search }),
    },
    orderBy: { field: field ?? 'NAME', direction: address.list('sort')[1] === 'DESC' ? 'DESC' : 'ASC' },
    first: WINDOW,
  };
}
