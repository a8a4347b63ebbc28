import type { PodRowFragment } from '@/graphql/generated/graphql';
import { serverWord, textsOf } from '@/language/texts';
import { csvTime } from '@/resource/csv/csv';
import type { CsvSpec } from '@/resource/csv/csv-export';
import { type PodWindowArgs, readPods } from './api';
import { readyContainers } from './columns';

export const podCsv: CsvSpec<PodRowFragment, PodWindowArgs> = {
  readPage: readPods,
  columns: (t) => {
    const heading = textsOf(t);
    return [
      { heading: heading('csv.cluster'), value: ({ cluster }) => cluster.name },
      { heading: heading('workloads.namespace'), value: ({ namespace }) => namespace },
      { heading: heading('pods.workload'), value: ({ workload }) => workload?.name },
      { heading: heading('workloads.name'), value: ({ name }) => name },
      { heading: heading('pods.state'), value: ({ phase }) => serverWord(t, 'podPhase', phase) },
      { heading: heading('cause.title'), value: ({ cause, reason }) => cause?.message.text ?? reason },
      { heading: heading('workloads.since'), value: ({ cause }) => csvTime(cause?.since) },
      { heading: heading('workloads.ready'), value: (row) => readyContainers(row).ready },
      { heading: heading('csv.desired'), value: (row) => readyContainers(row).all },
      { heading: heading('pods.restarts'), value: ({ restarts }) => restarts },
      { heading: heading('pods.node'), value: ({ node }) => node },
      {
        heading: heading('workloads.images'),
        value: ({ containers }) => containers.map(({ image }) => image).join(' '),
      },
      { heading: heading('workloads.created'), value: ({ createdAt }) => csvTime(createdAt) },
    ];
  },
};
