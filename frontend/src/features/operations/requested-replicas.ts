/** The number of pods that an operation requested, by the payload of its request; null where it requested none. */
export function requestedReplicas(payload: unknown): number | null {
  const { intent } = (payload ?? {}) as { intent?: { ScaleWorkload?: unknown } };
  const { replicas } = (intent?.ScaleWorkload ?? {}) as { replicas?: unknown };
  return typeof replicas === 'number' ? replicas : null;
}
