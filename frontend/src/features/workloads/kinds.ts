import { valuesOf } from '@/graphql/enum';
import type { WorkloadKind } from '@/graphql/generated/graphql';

interface Capabilities {
  hasReplicas?: true;
  canSuspend?: true;
  /** Whether a changed pod template replaces its pods one after the other. */
  rollsOut?: true;
}

/** What each kind of workload can do. */
export const capabilities: Record<WorkloadKind, Capabilities> = {
  DEPLOYMENT: { hasReplicas: true, rollsOut: true },
  STATEFUL_SET: { hasReplicas: true, rollsOut: true },
  DAEMON_SET: { rollsOut: true },
  REPLICA_SET: { hasReplicas: true },
  JOB: { canSuspend: true },
  CRON_JOB: { canSuspend: true },
};

export const workloadKinds = valuesOf(capabilities);
