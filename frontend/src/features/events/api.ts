import { api, execute, type RequestContext } from '@/graphql/api';
import {
  type EventRowFragment,
  EventsDocument,
  type EventsQuery,
  type KubernetesEventFilter,
} from '@/graphql/generated/graphql';
import { stillWindow, type Window, type WindowArgs } from '@/resource/window';

/** The events about one object and those that belong to it, such as the pods of a workload or all in a namespace. */
export type EventWindowArgs = WindowArgs<KubernetesEventFilter & { about: string }>;

export const eventsApi = api.enhanceEndpoints({ addTagTypes: ['KubernetesEvent'] }).injectEndpoints({
  endpoints: (build) => ({
    /** The Kubernetes events about an object. They have no subscription. */
    events: build.query<Window<EventRowFragment>, EventWindowArgs>({
      query: (variables) => ({ document: EventsDocument, variables }),
      transformResponse: ({ kubernetesEvents }: EventsQuery) => stillWindow(kubernetesEvents),
      providesTags: ['KubernetesEvent'],
    }),
  }),
});

/** One page of a list, past the cache. */
export async function readEvents(args: EventWindowArgs, context: RequestContext) {
  const answer = await execute(EventsDocument, args, context);
  return answer.error ? answer : { data: answer.data.kubernetesEvents };
}

export const { useEventsQuery } = eventsApi;
