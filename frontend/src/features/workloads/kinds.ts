import { valuesOf } from '@/graphql/enum';
import type { WorkloadKind } from '@/graphql/generated/graphql';

/** Whether a stop suspends it, which is worded differently from scaling it to zero. */
const kinds: Record<WorkloadKind, { canSuspend?: true }> = {
  DEPLOYMENT: {},
  STATEFUL_SET: {},
  DAEMON_SET: {},
  REPLICA_SET: {},
  JOB: { canSuspend: true },
  CRON_JOB: { canSuspend: true },
};

export const workloadKinds = valuesOf(kinds);
export const canSuspend = (kind: WorkloadKind) => kinds[kind].canSuspend === true;
