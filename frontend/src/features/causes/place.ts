import type { CauseFieldsFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';

/** The kinds that are rows of the list of workloads. */
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'];

export const isWorkload = (kind: string) => WORKLOADS.includes(kind);

/** The page of an object that exists. Workloads and pods have pages of their own. */
export function pageOf(id: string): string {
  const { kind } = partsOf(id);
  if (kind === 'Pod') return objectPath('pods', id);
  return objectPath(isWorkload(kind) ? 'workloads' : 'objects', id);
}

/** The page that shows an object. Of the ReplicaSets only those without an owner are recorded, and have one. */
export function objectHref(id: string, isRecorded = false): string | undefined {
  return isRecorded || partsOf(id).kind !== 'ReplicaSet' ? pageOf(id) : undefined;
}

/** A kind as one says it, without its API group. */
export const kindWord = (kind: string) => kind.split('.')[0] ?? kind;

/** The kind and the name of an object. */
export function objectWords(id: string): string {
  const { kind, name } = partsOf(id);
  return `${kindWord(kind)} ${name}`;
}

export function partsOf(id: string) {
  const [kind = '', cluster = '', namespace = '', name = ''] = id.split('~');
  return { kind, cluster, namespace, name };
}

type Evidence = Omit<CauseFieldsFragment['evidence'][number], 'at'>;

/** Where the page of an object shows its conditions. */
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
  const part = kind === 'CONDITION' && own ? `#${CONDITIONS}` : '';
  return `${page}${query && `?${query}`}${part}`;
}
