import { execute, type RequestContext } from '@/graphql/api';
import { AuditCsvDocument, type AuditRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import type { CsvSpec } from '@/resource/csv/csv-export';
import type { AuditWindowArgs } from './api';

/** One page of the log without the payloads, which are large and no part of a table. */
async function readEvents(args: AuditWindowArgs, context: RequestContext) {
  const answer = await execute(AuditCsvDocument, args, context);
  if (answer.error) return answer;
  const { nodes, pageInfo, totalCount } = answer.data.auditEvents;
  const rows = nodes.map((event): AuditRowFragment => ({ ...event, payload: null }));
  return { data: { nodes: rows, pageInfo, totalCount: totalCount ?? undefined } };
}

export const auditCsv: CsvSpec<AuditRowFragment, AuditWindowArgs> = {
  readPage: readEvents,
  columns: (t) => [
    { heading: t('audit.position'), value: ({ position }) => position },
    { heading: t('audit.time'), value: ({ recordedAt }) => recordedAt },
    { heading: t('audit.person'), value: ({ actor }) => actor?.displayName },
    { heading: t('audit.part'), value: ({ component }) => component },
    { heading: t('audit.type'), value: ({ type }) => serverWord(t, 'eventType', type) },
    { heading: t('csv.cluster'), value: ({ cluster }) => cluster },
    { heading: t('workloads.namespace'), value: ({ namespace }) => namespace },
    { heading: t('audit.summary'), value: ({ summary }) => summary },
    { heading: t('audit.reason'), value: ({ reason }) => reason },
    { heading: t('audit.operation'), value: ({ operation }) => operation?.id },
    {
      heading: t('audit.outcome'),
      value: ({ operation }) => operation && t(`operationState.${operation.state}`),
    },
  ],
};
