import { api, execute, type RequestContext } from '@/graphql/api';
import {
  PodChangedDocument,
  type PodFilter,
  type PodRowFragment,
  PodsDocument,
} from '@/graphql/generated/graphql';
import { liveWindow } from '@/resource/live-window';
import type { Window, WindowArgs } from '@/resource/window';

export type PodWindowArgs = WindowArgs<PodFilter>;

/** The pods of one workload. */
export const podsOf = ({ id }: { id: string }): PodWindowArgs => ({
  filter: { workload: id },
  first: 200,
  after: null,
});

const podsApi = api.injectEndpoints({
  endpoints: (build) => ({
    pods: build.query<Window<PodRowFragment>, PodWindowArgs>(
      liveWindow({
        document: PodsDocument,
        variables: (args: PodWindowArgs, minPosition) => ({ ...args, minPosition }),
        page: ({ pods }) => pods,
        stream: PodChangedDocument,
        streamVariables: ({ filter }, after) => ({ filter, after }),
        change: ({ podChanged }) => podChanged,
        rowChange: ({ kind, podId, pod }) => ({ kind, id: podId, row: pod ?? null }),
        rules: {
          id: ({ id }) => id,
          sortKey: ({ name, id }) => [name, id],
          isFixed: ({ filter }) => !filter.phases?.length && !filter.search && !filter.labelSelector,
        },
      }),
    ),
  }),
});

/** One page of a list, past the cache. */
export async function readPods(args: PodWindowArgs, context: RequestContext) {
  const answer = await execute(PodsDocument, args, context);
  return answer.error ? answer : { data: answer.data.pods };
}

export const { usePodsQuery } = podsApi;
