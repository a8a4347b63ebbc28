import { partsOf } from '@/features/causes/place';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';

/** What one does next, and where. */
export interface NextStep {
  step: 'log' | 'memory' | 'changes' | 'setup' | 'events';
  href: string;
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
/** Those whose container runs. */
const RUNNING = ['PROBE_FAILS', 'NOT_READY', 'NEVER_READY'];
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
  'SERVICE_ACCOUNT_NOT_FOUND',
  'PRIORITY_CLASS_NOT_FOUND',
  'INSUFFICIENT_RESOURCES',
  'TAINTS_NOT_TOLERATED',
  'NO_MATCHING_NODE',
  'QUOTA_NEEDS_LIMITS',
  'RUNS_AS_ROOT',
];

/** The one next step for a cause: the place that says most about it. */
export function nextStep({ id, cause }: Pick<WorkloadDetailFragment, 'id' | 'cause'>): NextStep {
  const page = objectPath('workloads', id);
  const code = cause?.message.code ?? '';
  const pod = cause?.evidence.find(({ objectId }) => objectId && partsOf(objectId).kind === 'Pod');
  if (code === 'OOM_KILLED') return { step: 'memory', href: `${page}?tab=metrics` };
  if (pod?.objectId && (ENDED.includes(code) || RUNNING.includes(code))) {
    const place = new URLSearchParams({ tab: 'logs' });
    if (pod.container) place.set('container', pod.container);
    if (ENDED.includes(code)) place.set('previous', 'true');
    return { step: 'log', href: `${objectPath('pods', pod.objectId)}?${place}` };
  }
  if (WRITTEN.includes(code)) return { step: 'changes', href: `${page}?tab=history` };
  if (NEEDED.includes(code)) return { step: 'setup', href: `${page}?tab=yaml` };
  return { step: 'events', href: `${page}?tab=events` };
}
