import type { PodRowFragment } from '@/graphql/generated/graphql';

/** What a pod requests, and its limits. */
export type PodResources = Pick<
  PodRowFragment,
  'id' | 'cpuRequestMillicores' | 'cpuLimitMillicores' | 'memoryRequestBytes' | 'memoryLimitBytes'
>;
export type ResourceField = Exclude<keyof PodResources, 'id'>;

/** The value that all of these pods have; null where they differ, or one has none. */
export function sharedBy(pods: readonly (PodResources | undefined)[], field: ResourceField): number | null {
  const values = new Set(pods.map((pod) => pod?.[field] ?? null));
  const [value = null] = values;
  return values.size === 1 ? value : null;
}

/** Null where one of these pods has none, or is not known. */
export function sumOf(pods: readonly (PodResources | undefined)[], field: ResourceField): number | null {
  let sum = 0;
  for (const pod of pods) {
    const value = pod?.[field] ?? null;
    if (value === null) return null;
    sum += value;
  }
  return sum;
}
