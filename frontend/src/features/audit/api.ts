import { api } from '@/graphql/api';
import {
  AuditEventRecordedDocument,
  AuditEventsDocument,
  type AuditFilter,
  type AuditRowFragment,
  EventProofDocument,
  type EventProofQuery,
} from '@/graphql/generated/graphql';
import { sortablePosition } from '@/graphql/position';
import { liveWindow } from '@/resource/live-window';
import type { Window, WindowArgs } from '@/resource/window';
import { rememberPeople } from './people';

export type AuditWindowArgs = WindowArgs<AuditFilter>;
type EventProof = NonNullable<EventProofQuery['auditEvent']>['proof'];

export const auditApi = api.injectEndpoints({
  endpoints: (build) => ({
    auditEvents: build.query<Window<AuditRowFragment>, AuditWindowArgs>(
      liveWindow({
        document: AuditEventsDocument,
        variables: (args: AuditWindowArgs) => args,
        page: ({ auditEvents }) => {
          rememberPeople(auditEvents.nodes);
          return auditEvents;
        },
        stream: AuditEventRecordedDocument,
        streamVariables: ({ filter }, after) => ({ filter, after }),
        change: ({ auditEventRecorded }) => auditEventRecorded,
        rowChange: (event) => {
          rememberPeople([event]);
          return { kind: 'ADDED', id: event.position, row: event };
        },
        rules: {
          id: ({ position }) => position,
          sortKey: ({ position }) => [sortablePosition(position)],
          isDescending: () => true,
          // What came of an operation changes later.
          isFixed: ({ filter }) => !filter.states?.length,
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
