import type { ReactNode } from 'react';
import { UsageOfRows, useIsMeasured } from '@/features/usage/row-usage';
import {
  type PodFilter,
  type PodRowFragment,
  PodUsageSampledDocument,
  type PodUsageSampledSubscription,
} from '@/graphql/generated/graphql';
import type { Column } from '@/resource/resource-table';
import { usageColumns } from './columns';

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

/** The columns without those of usage where nothing is measured. */
export function useMeasured(columns: readonly Column<PodRowFragment>[]) {
  const isMeasured = useIsMeasured();
  return isMeasured ? columns : columns.filter((column) => !usageColumns.includes(column));
}
