import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import { serverWord, textsOf } from '@/language/texts';
import { csvTime } from '@/resource/csv/csv';
import type { CsvSpec } from '@/resource/csv/csv-export';
import { readWorkloads, type WorkloadWindowArgs } from './api';
import { since } from './state-line';

export const workloadCsv: CsvSpec<WorkloadRowFragment, WorkloadWindowArgs> = {
  readPage: readWorkloads,
  columns: (t) => {
    const heading = textsOf(t);
    return [
      { heading: heading('csv.cluster'), value: ({ cluster }) => cluster.name },
      { heading: heading('workloads.namespace'), value: ({ namespace }) => namespace },
      { heading: heading('workloads.kind'), value: ({ kind }) => serverWord(t, 'workloadKind', kind) },
      { heading: heading('workloads.name'), value: ({ name }) => name },
      { heading: heading('workloads.state'), value: ({ state }) => serverWord(t, 'workloadState', state) },
      { heading: heading('cause.title'), value: ({ cause }) => cause?.message.text },
      { heading: heading('csv.summary'), value: ({ summary }) => summary?.text },
      { heading: heading('workloads.since'), value: (row) => csvTime(since(row)) },
      { heading: heading('workloads.ready'), value: ({ readyReplicas }) => readyReplicas },
      { heading: heading('csv.desired'), value: ({ desiredReplicas }) => desiredReplicas },
      { heading: heading('pods.restarts'), value: ({ restarts }) => restarts },
      {
        heading: heading('csv.cpuRequest'),
        value: ({ cpuRequestMillicores }) => cpuRequestMillicores,
      },
      { heading: heading('csv.memoryRequest'), value: ({ memoryRequestBytes }) => memoryRequestBytes },
      { heading: heading('workloads.images'), value: ({ images }) => images.join(' ') },
      { heading: heading('workloads.created'), value: ({ createdAt }) => csvTime(createdAt) },
    ];
  },
};
