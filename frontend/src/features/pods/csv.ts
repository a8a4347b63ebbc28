import type { PodRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import type { CsvSpec } from '@/resource/csv/csv-export';
import { type PodWindowArgs, readPods } from './api';
import { readyContainers } from './columns';

export const podCsv: CsvSpec<PodRowFragment, PodWindowArgs> = {
  readPage: readPods,
  columns: (t) => [
    { heading: t('workloads.namespace'), value: ({ namespace }) => namespace },
    { heading: t('pods.workload'), value: ({ workload }) => workload?.name },
    { heading: t('workloads.name'), value: ({ name }) => name },
    { heading: t('pods.phase'), value: ({ phase }) => serverWord(t, 'podPhase', phase) },
    { heading: t('cause.title'), value: ({ cause, reason }) => cause?.message.text ?? reason },
    { heading: t('workloads.since'), value: ({ cause }) => cause?.since },
    { heading: t('workloads.ready'), value: (row) => readyContainers(row).ready },
    { heading: t('csv.desired'), value: (row) => readyContainers(row).all },
    { heading: t('pods.restarts'), value: ({ restarts }) => restarts },
    { heading: t('pods.node'), value: ({ node }) => node },
    {
      heading: t('workloads.images'),
      value: ({ containers }) => containers.map(({ image }) => image).join(' '),
    },
    { heading: t('workloads.created'), value: ({ createdAt }) => createdAt },
  ],
};
