import { api, execute } from '@/graphql/api';
import {
  AuditEventRecordedDocument,
  AuditEventsDocument,
  type AuditEventsQuery,
  type AuditFilter,
  EventProofDocument,
  type EventProofQuery,
} from '@/graphql/generated/graphql';
import { live, type Positioned } from '@/graphql/live';

export interface AuditWindowArgs {
  filter: AuditFilter;
  first: number;
  after?: string | null;
}

type EventProof = NonNullable<EventProofQuery['auditEvent']>['proof'];
type AuditWindow = AuditEventsQuery['auditEvents'] & Positioned;

const auditApi = api.injectEndpoints({
  endpoints: (build) => ({
    auditEvents: build.query<AuditWindow, AuditWindowArgs>(
      live({
        load: async (args: AuditWindowArgs, context) => {
          const answer = await execute(AuditEventsDocument, args, context);
          return answer.error ? answer : { data: answer.data.auditEvents };
        },
        document: AuditEventRecordedDocument,
        variables: ({ filter }, after) => ({ filter, after }),
        change: (data) => data.auditEventRecorded,
        apply: (window: AuditWindow, event, { after }) => {
          if (window.nodes.some(({ position }) => position === event.position)) return;
          if (window.totalCount !== null) window.totalCount += 1;
          if (!after) window.nodes.unshift(event);
        },
      }),
    ),
    eventProof: build.query<EventProof, string>({
      query: (position) => ({ document: EventProofDocument, variables: { position } }),
      transformResponse: (data: EventProofQuery) => data.auditEvent?.proof ?? null,
      keepUnusedDataFor: 0,
    }),
  }),
});

export const { useAuditEventsQuery, useEventProofQuery } = auditApi;
