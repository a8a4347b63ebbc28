import { api } from '@/graphql/api';
import { type EventRowFragment, EventsDocument, type EventsQuery } from '@/graphql/generated/graphql';
import { stillWindow, type Window, type WindowArgs } from '@/resource/window';

/** The events about one object and those that belong to it, such as the pods of a workload. */
export type EventWindowArgs = WindowArgs<{ about: string }>;

export const eventsApi = api.enhanceEndpoints({ addTagTypes: ['KubernetesEvent'] }).injectEndpoints({
  endpoints: (build) => ({
    /** The Kubernetes events about an object. They have no subscription. */
    events: build.query<Window<EventRowFragment>, EventWindowArgs>({
      query: ({ filter, first, after }) => ({
        document: EventsDocument,
        variables: { id: filter.about, first, after },
      }),
      transformResponse: (data: EventsQuery) => stillWindow(data.object?.events),
      providesTags: ['KubernetesEvent'],
    }),
  }),
});

export const { useEventsQuery } = eventsApi;
