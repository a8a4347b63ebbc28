import { supersedingOperation } from '@/features/operations/api';
import { execute, type RequestContext } from '@/graphql/api';
import {
  AuditCsvDocument,
  type AuditCsvQuery,
  AuditEndsDocument,
  type AuditRowFragment,
} from '@/graphql/generated/graphql';
import { serverWord, textsOf } from '@/language/texts';
import type { CsvSpec } from '@/resource/csv/csv-export';
import { readAll } from '@/resource/csv/read-all';
import type { AuditWindowArgs } from './api';

interface CsvRow extends AuditRowFragment {
  /** Whether a newer operation ended the one that the event is of. */
  isSuperseded?: boolean;
}

type Event = AuditCsvQuery['auditEvents']['nodes'][number];

/**
 * Reads the log without the payloads, which are large and no part of a table. Only the ends of cancelled operations are
 * read with theirs: it says whether a person cancelled them. Pages come the newest first, and so do the ends.
 */
function eventReader() {
  const newer = new Map<string, string | null>();
  let readSince: string | null = null;

  const readEnds = async (events: readonly Event[], context: RequestContext) => {
    const unknown = events.filter(
      ({ operation }) => operation?.state === 'CANCELLED' && !newer.has(operation.id),
    );
    const since = unknown.map(({ recordedAt }) => recordedAt).sort()[0];
    if (since === undefined) return;
    const read = await readAll({
      args: { filter: { types: ['OperationCancelled'], since, until: readSince }, first: 0 },
      signal: context.signal ?? new AbortController().signal,
      readPage: async (args: AuditWindowArgs) => {
        const answer = await execute(AuditEndsDocument, args, context);
        return answer.error ? answer : { data: answer.data.auditEvents };
      },
      page: (ends) => {
        for (const { operation, payload } of ends)
          if (operation) newer.set(operation.id, supersedingOperation(payload));
      },
      progress: () => {},
    });
    readSince = since;
    return read?.error;
  };

  return async (args: AuditWindowArgs, context: RequestContext) => {
    const answer = await execute(AuditCsvDocument, args, context);
    if (answer.error) return answer;
    const { nodes, pageInfo, totalCount } = answer.data.auditEvents;
    const error = await readEnds(nodes, context);
    if (error) return { error };
    const rows = nodes.map((event): CsvRow => {
      const isSuperseded = Boolean(event.operation && newer.get(event.operation.id));
      return { ...event, payload: null, changes: [], isSuperseded };
    });
    return { data: { nodes: rows, pageInfo, totalCount: totalCount ?? undefined } };
  };
}

export const auditCsv: CsvSpec<CsvRow, AuditWindowArgs> = {
  reader: eventReader,
  columns: (t) => {
    const heading = textsOf(t);
    return [
      { heading: heading('audit.position'), value: ({ position }) => position },
      { heading: heading('audit.time'), value: ({ recordedAt }) => recordedAt },
      { heading: heading('audit.person'), value: ({ actor }) => actor?.displayName },
      { heading: heading('audit.part'), value: ({ component }) => component },
      {
        heading: heading('audit.type'),
        value: ({ type, isSuperseded }) =>
          type === 'OperationCancelled' && isSuperseded
            ? heading('audit.superseded')
            : serverWord(t, 'eventType', type),
      },
      {
        heading: heading('audit.verb'),
        value: ({ operation }) => operation && serverWord(t, 'operationKind', operation.kind),
      },
      { heading: heading('audit.target'), value: ({ objectId }) => objectId },
      { heading: heading('csv.cluster'), value: ({ cluster }) => cluster },
      { heading: heading('workloads.namespace'), value: ({ namespace }) => namespace },
      { heading: heading('audit.summary'), value: ({ summary }) => summary },
      { heading: heading('audit.reason'), value: ({ reason }) => reason },
      { heading: heading('audit.operation'), value: ({ operation }) => operation?.id },
      {
        heading: heading('audit.outcome'),
        value: ({ operation, isSuperseded }) =>
          operation &&
          (isSuperseded
            ? heading('operations.superseded')
            : serverWord(t, 'operationState', operation.state)),
      },
    ];
  },
};
