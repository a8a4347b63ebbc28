import type { WorkloadRowFragment } from '@/graphql/generated/graphql';

/** A rollout has more pods than are wanted for a while. Those are counted as surplus, or four of three would be ready. */
export function readiness({
  readyReplicas,
  desiredReplicas,
}: Pick<WorkloadRowFragment, 'readyReplicas' | 'desiredReplicas'>) {
  if (desiredReplicas === null) return null;
  const ready = Math.min(readyReplicas ?? 0, desiredReplicas);
  return { ready, desired: desiredReplicas, surplus: (readyReplicas ?? 0) - ready };
}
