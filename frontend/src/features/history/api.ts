import { api } from '@/graphql/api';
import {
  EndDocument,
  type EndQuery,
  type RevisionFieldsFragment,
  RevisionsDocument,
  type RevisionsQuery,
} from '@/graphql/generated/graphql';
import { stillWindow, type Window, type WindowArgs } from '@/resource/window';

export type RevisionWindowArgs = WindowArgs<{ object: string }>;

export const historyApi = api.enhanceEndpoints({ addTagTypes: ['Revision'] }).injectEndpoints({
  endpoints: (build) => ({
    /** The recorded changes of a manifest. They have no subscription. */
    revisions: build.query<Window<RevisionFieldsFragment>, RevisionWindowArgs>({
      query: ({ filter, first, after }) => ({
        document: RevisionsDocument,
        variables: { id: filter.object, first, after },
      }),
      transformResponse: (data: RevisionsQuery) => stillWindow(data.object?.revisions),
      providesTags: ['Revision'],
    }),
    /** When an object went; null when that was not recorded. */
    end: build.query<string | null, string>({
      query: (id) => ({ document: EndDocument, variables: { id } }),
      transformResponse: ({ auditEvents }: EndQuery) => auditEvents.nodes[0]?.recordedAt ?? null,
      keepUnusedDataFor: 0,
    }),
  }),
});

export const { useEndQuery, useRevisionsQuery } = historyApi;
