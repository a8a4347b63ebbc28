import { api } from '@/graphql/api';
import {
  type EventRowFragment,
  WorkloadEventsDocument,
  type WorkloadEventsQuery,
} from '@/graphql/generated/graphql';
import { stillWindow, type Window, type WindowArgs } from '@/resource/window';

export type EventWindowArgs = WindowArgs<{ workload: string }>;

export const eventsApi = api.enhanceEndpoints({ addTagTypes: ['KubernetesEvent'] }).injectEndpoints({
  endpoints: (build) => ({
    /** The Kubernetes events about a workload and its pods. They have no subscription. */
    workloadEvents: build.query<Window<EventRowFragment>, EventWindowArgs>({
      query: ({ filter, first, after }) => ({
        document: WorkloadEventsDocument,
        variables: { id: filter.workload, first, after },
      }),
      transformResponse: (data: WorkloadEventsQuery) => stillWindow(data.workload?.events),
      providesTags: ['KubernetesEvent'],
    }),
  }),
});

export const { useWorkloadEventsQuery } = eventsApi;
