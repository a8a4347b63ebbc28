import type { EventRowFragment } from '@/graphql/generated/graphql';
import { serverWord, textsOf } from '@/language/texts';
import { csvTime } from '@/resource/csv/csv';
import type { CsvSpec } from '@/resource/csv/csv-export';
import { type EventWindowArgs, readEvents } from './api';

export const eventCsv: CsvSpec<EventRowFragment, EventWindowArgs> = {
  readPage: readEvents,
  columns: (t) => {
    const heading = textsOf(t);
    return [
      { heading: heading('events.type'), value: ({ type }) => serverWord(t, 'kubernetesEventType', type) },
      { heading: heading('events.reason'), value: ({ reason }) => reason },
      { heading: heading('events.message'), value: ({ message }) => message },
      { heading: heading('events.count'), value: ({ count }) => count },
      { heading: heading('events.last'), value: ({ lastSeen }) => csvTime(lastSeen) },
      { heading: heading('events.object'), value: ({ objectId }) => objectId },
      { heading: heading('pods.container'), value: ({ container }) => container },
      { heading: heading('events.source'), value: ({ source }) => source },
    ];
  },
};
