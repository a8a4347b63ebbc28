import type { CauseFieldsFragment } from '@/graphql/generated/graphql';
import { pageOf, partsOf } from './place';

/** What one does next, and where. */
export interface NextStep {
  /** Its words, under nextStep. */
  step: 'log' | 'initLog' | 'memory' | 'limits' | 'changes' | 'setup' | 'events';
  /** Of what. */
  name: string;
  href: string;
}

/** An object, by its id. */
export interface Named {
  id: string;
  name: string;
}

/** Causes whose log says more: the container ended, and the run that ended wrote it. */
const ENDED = [
  'EXITED',
  'KILLED_BY_SIGNAL',
  'PROBE_KILLED',
  'COMMAND_NOT_FOUND',
  'CONTAINER_COMPLETED',
  'HOOK_FAILED',
];
/** The pod waits for an init container that runs. */
const INITIALIZING = 'INIT_RUNS_LONG';
/** Those whose container runs. */
const RUNNING = ['PROBE_FAILS', 'NOT_READY', 'NEVER_READY', INITIALIZING];
/** What somebody wrote is wrong. */
const WRITTEN = [
  'COMMAND_NOT_STARTED',
  'IMAGE_NAME_INVALID',
  'IMAGE_NOT_FOUND',
  'IMAGE_PULL_DENIED',
  'IMAGE_NEVER_PULLED',
  'POD_INVALID',
  'SCHEDULE_INVALID',
];
/** It names what does not exist, or cannot be had. */
const NEEDED = [
  'CONFIG_MAP_NOT_FOUND',
  'SECRET_NOT_FOUND',
  'KEY_NOT_FOUND',
  'CLAIM_NOT_FOUND',
  'STORAGE_CLASS_NOT_FOUND',
  'SERVICE_ACCOUNT_NOT_FOUND',
  'PRIORITY_CLASS_NOT_FOUND',
  'INSUFFICIENT_RESOURCES',
  'TAINTS_NOT_TOLERATED',
  'NO_MATCHING_NODE',
  'QUOTA_NEEDS_LIMITS',
  'RUNS_AS_ROOT',
];

/** Whether the usage of memory says more about it. */
export const isAboutMemory = (cause: CauseFieldsFragment | null) => cause?.message.code === 'OOM_KILLED';

/**
 * The one next step for an object in trouble: the place that says most about its cause. What somebody wrote is shown by
 * the workload that a pod comes from; a pod alone has only its events.
 */
export function nextStep(
  object: Named,
  cause: CauseFieldsFragment | null,
  hasMetrics: boolean,
  workload?: Named | null,
): NextStep {
  const { id, name } = object;
  const isPod = partsOf(id).kind === 'Pod';
  const page = pageOf(id);
  const code = cause?.message.code ?? '';
  if (cause && isAboutMemory(cause))
    return hasMetrics
      ? { step: 'memory', name, href: `${page}?tab=metrics` }
      : { step: 'limits', name, href: `${page}${containerOf(cause)}` };
  const log = cause && logOf(cause, code);
  if (log) return { step: code === INITIALIZING ? 'initLog' : 'log', name, href: log };
  const source = isPod ? workload : object;
  const written = source && writtenOf(source, code);
  return written || { step: 'events', name, href: `${page}?tab=events` };
}

/** Where an object shows what somebody wrote. */
function writtenOf({ id, name }: Named, code: string): NextStep | undefined {
  const page = pageOf(id);
  if (WRITTEN.includes(code)) return { step: 'changes', name, href: `${page}?tab=history` };
  if (NEEDED.includes(code)) return { step: 'setup', name, href: `${page}?tab=yaml` };
}

/** The table of containers has their limits and how they ended. */
function containerOf({ evidence }: CauseFieldsFragment): string {
  const name = evidence.find(({ container }) => container)?.container;
  return name ? `?${new URLSearchParams({ container: name })}` : '';
}

/** The log of the run that a cause is about. */
function logOf({ evidence, message }: CauseFieldsFragment, code: string): string | null {
  const hasEnded = ENDED.includes(code);
  const pod = evidence.find(({ objectId }) => objectId && partsOf(objectId).kind === 'Pod');
  if (!pod?.objectId || !(hasEnded || RUNNING.includes(code))) return null;
  const place = new URLSearchParams({ tab: 'logs' });
  // A condition is of the whole pod: which container it is about is in the message.
  const { container } = (message.arguments ?? {}) as { container?: unknown };
  const name = pod.container ?? container;
  if (typeof name === 'string') place.set('container', name);
  // Which run that is changes from second to second: the page of the pod knows its containers.
  if (hasEnded) place.set('run', 'ended');
  return `${pageOf(pod.objectId)}?${place}`;
}
