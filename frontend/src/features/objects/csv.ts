import { partsOf } from '@/features/causes/place';
import { clusterName } from '@/features/clusters/api';
import type { ObjectRowFragment } from '@/graphql/generated/graphql';
import { serverWord, textsOf } from '@/language/texts';
import { csvTime } from '@/resource/csv/csv';
import type { CsvSpec } from '@/resource/csv/csv-export';
import { type ObjectWindowArgs, readObjects } from './api';
import { printedOf } from './columns';

/** The rows of a list with the columns that the server prints. */
export function objectCsv(printed: readonly string[]): CsvSpec<ObjectRowFragment, ObjectWindowArgs> {
  return {
    readPage: readObjects,
    columns: (t) => {
      const heading = textsOf(t);
      return [
        { heading: heading('csv.cluster'), value: ({ id }) => clusterName(partsOf(id).cluster) },
        { heading: heading('workloads.namespace'), value: ({ namespace }) => namespace },
        { heading: heading('workloads.kind'), value: ({ id }) => partsOf(id).kind },
        { heading: heading('workloads.name'), value: ({ name }) => name },
        { heading: heading('workloads.state'), value: ({ state }) => serverWord(t, 'objectState', state) },
        { heading: heading('cause.title'), value: ({ cause }) => cause?.message.text },
        ...printed.map((name) => ({
          heading: name,
          value: (row: ObjectRowFragment) => printedOf(row, name),
        })),
        { heading: heading('workloads.created'), value: ({ createdAt }) => csvTime(createdAt) },
      ];
    },
  };
}
