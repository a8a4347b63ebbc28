import { api } from '@/graphql/api';
import {
  type EventRowFragment,
  PodEventsDocument,
  type PodEventsQuery,
  WorkloadEventsDocument,
  type WorkloadEventsQuery,
} from '@/graphql/generated/graphql';
import { stillWindow, type Window, type WindowArgs } from '@/resource/window';

/** The events about one object: a workload with its pods, or a pod. */
export type EventWindowArgs = WindowArgs<{ about: 'workload' | 'pod'; id: string }>;

export const eventsApi = api.enhanceEndpoints({ addTagTypes: ['KubernetesEvent'] }).injectEndpoints({
  endpoints: (build) => ({
    /** The Kubernetes events about an object. They have no subscription. */
    events: build.query<Window<EventRowFragment>, EventWindowArgs>({
      query: ({ filter: { about, id }, first, after }) => ({
        document: about === 'pod' ? PodEventsDocument : WorkloadEventsDocument,
        variables: { id, first, after },
      }),
      transformResponse: (data: Partial<WorkloadEventsQuery & PodEventsQuery>) =>
        stillWindow((data.workload ?? data.pod)?.events),
      providesTags: ['KubernetesEvent'],
    }),
  }),
});

export const { useEventsQuery } = eventsApi;
