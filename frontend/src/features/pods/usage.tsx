import type { ReactNode } from 'react';
import { UsageOfRows } from '@/features/usage/row-usage';
import {
  type PodFilter,
  PodUsageSampledDocument,
  type PodUsageSampledSubscription,
} from '@/graphql/generated/graphql';

/** Measures the pods of a list. */
export function PodUsageOfRows({ filter, children }: { filter: PodFilter; children: ReactNode }) {
  return (
    <UsageOfRows document={PodUsageSampledDocument} filter={filter} sample={sampleOf}>
      {children}
    </UsageOfRows>
  );
}

function sampleOf({ podMetricsSampled: { pods, ...sample } }: PodUsageSampledSubscription) {
  return { ...sample, rows: pods.map(({ podId, ...usage }) => ({ id: podId, ...usage })) };
}
