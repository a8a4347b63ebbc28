import type { WorkloadRowFragment } from '@/graphql/generated/graphql';

/**
 * How many of the desired pods are ready; null for what keeps none running, such as a Job, whose pods are to end. A
 * rollout has more pods than are desired for a while. Those are counted as surplus, or four of three would be ready.
 */
export function readiness({
  kind,
  readyReplicas,
  desiredReplicas,
}: Pick<WorkloadRowFragment, 'kind' | 'readyReplicas' | 'desiredReplicas'>) {
  if (desiredReplicas === null || kind === 'JOB') return null;
  const ready = Math.min(readyReplicas ?? 0, desiredReplicas);
  return { ready, desired: desiredReplicas, surplus: (readyReplicas ?? 0) - ready };
}
