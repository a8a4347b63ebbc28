import type { WorkloadDetailFragment, WorkloadKind } from '@/graphql/generated/graphql';

type Counted = Pick<
  WorkloadDetailFragment,
  | 'kind'
  | 'desiredReplicas'
  | 'updatedReplicas'
  | 'readyReplicas'
  | 'availableReplicas'
  | 'active'
  | 'succeeded'
  | 'failed'
>;

const ofPods = ['desired', 'updated', 'ready', 'available'] as const;
const ofJob = ['completions', 'active', 'succeeded', 'failed'] as const;
type Count = (typeof ofPods | typeof ofJob)[number];

/** The numbers in the words of each kind. A CronJob has its schedule and its active runs in its summary. */
const countsOf: Record<WorkloadKind, readonly Count[]> = {
  DEPLOYMENT: ofPods,
  STATEFUL_SET: ofPods,
  DAEMON_SET: ofPods,
  REPLICA_SET: ofPods,
  JOB: ofJob,
  CRON_JOB: [],
};

/** How many pods a workload has, by the words of its kind. What the cluster does not report is left out. */
export function counts(workload: Counted): [Count, number][] {
  const { desiredReplicas, updatedReplicas, readyReplicas, availableReplicas } = workload;
  const numbers: Record<Count, number | null> = {
    desired: desiredReplicas,
    completions: desiredReplicas,
    updated: updatedReplicas,
    ready: readyReplicas,
    available: availableReplicas,
    active: workload.active,
    succeeded: workload.succeeded,
    failed: workload.failed,
  };
  return countsOf[workload.kind].flatMap((count) => {
    const number = numbers[count];
    return number === null ? [] : [[count, number] as [Count, number]];
  });
}
