import type { ReactNode } from 'react';
import type { Resource } from '@/features/usage/amounts';
import { type RowUsage, UsageOfRows, useRowUsage } from '@/features/usage/row-usage';
import { UsageCell } from '@/features/usage/usage-cell';
import {
  type WorkloadFilter,
  WorkloadMetricsSampledDocument,
  type WorkloadMetricsSampledSubscription,
  type WorkloadRowFragment,
} from '@/graphql/generated/graphql';
import type { Column } from '@/resource/resource-table';

/** What the measured pods of a workload use and request. */
interface WorkloadUsage extends RowUsage {
  cpuRequestMillicores: number | null;
  memoryRequestBytes: number | null;
}

/** Measures the workloads of a list. */
export function WorkloadUsageOfRows({ filter, children }: { filter: WorkloadFilter; children: ReactNode }) {
  return (
    <UsageOfRows document={WorkloadMetricsSampledDocument} filter={filter} sample={sampleOf}>
      {children}
    </UsageOfRows>
  );
}

function sampleOf({ workloadMetricsSampled: { workloads, ...sample } }: WorkloadMetricsSampledSubscription) {
  return { ...sample, rows: workloads.map(({ workloadId, ...usage }) => ({ id: workloadId, ...usage })) };
}

/** Left out where no cluster is measured. */
export const usageColumns: readonly Column<WorkloadRowFragment>[] = [
  { title: 'usage.cpu', width: 92, cell: ({ id }) => <Usage id={id} what="cpu" /> },
  { title: 'usage.memory', width: 92, cell: ({ id }) => <Usage id={id} what="memory" /> },
];

function Usage({ id, what }: { id: string; what: Resource }) {
  const usage = useRowUsage<WorkloadUsage>(id);
  if (!usage) return <span className="quiet">–</span>;
  return what === 'cpu' ? (
    <UsageCell what={what} used={usage.cpuMillicores} request={usage.cpuRequestMillicores} />
  ) : (
    <UsageCell what={what} used={usage.memoryBytes} request={usage.memoryRequestBytes} />
  );
}
