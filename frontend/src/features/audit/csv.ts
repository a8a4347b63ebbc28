import { stateWord } from '@/features/operations/states';
import { execute, type RequestContext } from '@/graphql/api';
import { AuditCsvDocument, type AuditRowFragment } from '@/graphql/generated/graphql';
import { serverWord, textsOf } from '@/language/texts';
import type { CsvSpec } from '@/resource/csv/csv-export';
import type { AuditWindowArgs } from './api';
import { happened } from './happened';

/** One page of the log without the payloads, which are large and no part of a table. */
async function readEvents(args: AuditWindowArgs, context: RequestContext) {
  const answer = await execute(AuditCsvDocument, args, context);
  if (answer.error) return answer;
  const { nodes, pageInfo, totalCount } = answer.data.auditEvents;
  const rows = nodes.map((event): AuditRowFragment => ({ ...event, payload: null, changes: [] }));
  return { data: { nodes: rows, pageInfo, totalCount: totalCount ?? undefined } };
}

export const auditCsv: CsvSpec<AuditRowFragment, AuditWindowArgs> = {
  readPage: readEvents,
  columns: (t) => {
    const heading = textsOf(t);
    return [
      { heading: heading('audit.position'), value: ({ position }) => position },
      { heading: heading('audit.time'), value: ({ recordedAt }) => recordedAt },
      { heading: heading('audit.person'), value: ({ actor }) => actor?.displayName },
      { heading: heading('audit.part'), value: ({ component }) => component },
      { heading: heading('audit.type'), value: (event) => happened(t, event) },
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
        value: ({ operation }) => operation && stateWord(t, operation.state, operation.supersededBy !== null),
      },
    ];
  },
};
