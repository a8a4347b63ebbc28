import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import type { CsvSpec } from '@/resource/csv/csv-export';
import { readWorkloads, type WorkloadWindowArgs } from './api';
import { explanation } from './state-line';

export const workloadCsv: CsvSpec<WorkloadRowFragment, WorkloadWindowArgs> = {
  readPage: readWorkloads,
  columns: (t) => [
    { heading: t('csv.cluster'), value: ({ cluster }) => cluster.name },
    { heading: t('workloads.namespace'), value: ({ namespace }) => namespace },
    { heading: t('workloads.kind'), value: ({ kind }) => t(`workloadKind.${kind}`) },
    { heading: t('workloads.name'), value: ({ name }) => name },
    { heading: t('workloads.state'), value: ({ state }) => t(`workloadState.${state}`) },
    { heading: t('cause.title'), value: (row) => explanation(row) },
    { heading: t('workloads.since'), value: ({ cause }) => cause?.since },
    { heading: t('workloads.ready'), value: ({ readyReplicas }) => readyReplicas },
    { heading: t('csv.desired'), value: ({ desiredReplicas }) => desiredReplicas },
    { heading: t('workloads.images'), value: ({ images }) => images.join(' ') },
    { heading: t('workloads.created'), value: ({ createdAt }) => createdAt },
  ],
};
