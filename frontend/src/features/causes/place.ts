import type { CauseFieldsFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';

/** The kinds that are rows of the list of workloads. A ReplicaSet belongs to a Deployment in most cases, and then is none. */
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

/** The page that shows an object. Of the ReplicaSets only those without an owner are recorded, and have one. */
export function objectHref(id: string, isRecorded = false): string | undefined {
  const { kind } = partsOf(id);
  if (WORKLOADS.includes(kind) || (isRecorded && kind === 'ReplicaSet')) return objectPath('workloads', id);
  return kind === 'Pod' ? objectPath('pods', id) : undefined;
}

/** The kind and the name of an object. */
export function objectWords(id: string): string {
  const { kind, name } = partsOf(id);
  return `${kind} ${name}`;
}

export function partsOf(id: string) {
  const [kind = '', cluster = '', namespace = '', name = ''] = id.split('~');
  return { kind, cluster, namespace, name };
}

type Evidence = Omit<CauseFieldsFragment['evidence'][number], 'at'>;

/** Where the page of a workload shows its conditions. */
export const CONDITIONS = 'conditions';

/** The tab that shows an observation of each kind. The page itself shows conditions and containers. */
const tabs: Partial<Record<Evidence['kind'], string>> = {
  EVENT: 'events',
  LOG: 'logs',
  METRIC: 'metrics',
  CHANGE: 'history',
};

/**
 * The exact place of an observation: a tab of its object and, there, its container, the reason of its event, or the conditions.
 * An object without a page is shown by the workload that it belongs to, if one is given.
 */
export function placeOf(
  { kind, objectId, container, message }: Evidence,
  workload?: string,
): string | undefined {
  const own = objectId ? objectHref(objectId) : undefined;
  const page = own ?? (workload && objectPath('workloads', workload));
  if (!page) return undefined;
  const place = new URLSearchParams();
  const tab = tabs[kind];
  if (tab) place.set('tab', tab);
  if (container && tab !== 'events') place.set('container', container);
  const { reason } = (message.arguments ?? {}) as { reason?: unknown };
  if (tab === 'events' && typeof reason === 'string') place.set('reason', reason);
  const query = place.toString();
  const part =
    kind === 'CONDITION' && own === objectPath('workloads', objectId ?? '') ? `#${CONDITIONS}` : '';
  return `${page}${query && `?${query}`}${part}`;
}
