import { api, execute, type RequestContext } from '@/graphql/api';
import {
  PodChangedDocument,
  PodDetailChangedDocument,
  type PodDetailFragment,
  PodDocument,
  type PodFilter,
  type PodOrder,
  type PodOrderField,
  type PodRowFragment,
  PodsDocument,
} from '@/graphql/generated/graphql';
import { sortableTime } from '@/graphql/instant';
import { live, type Positioned } from '@/graphql/live';
import { liveWindow } from '@/resource/live-window';
import type { Window, WindowArgs } from '@/resource/window';

export interface PodWindowArgs extends WindowArgs<PodFilter> {
  orderBy?: PodOrder;
}

/** What the server sorts by for each order; rows that share it are sorted by their id, in the same direction. */
export const podSortValues: Record<PodOrderField, (row: PodRowFragment) => string> = {
  NAME: ({ name }) => name,
  STATE: ({ rank }) => String(rank).padStart(2, '0'),
  RESTARTS: ({ restarts }) => String(restarts).padStart(10, '0'),
  CREATED_AT: ({ createdAt }) => sortableTime(createdAt),
};

/** The pods of one workload. */
export const podsOf = ({ id }: { id: string }): PodWindowArgs => ({
  filter: { workload: id },
  first: 200,
  after: null,
});

/** One pod as it was last observed. */
export interface PodSnapshot extends Positioned {
  /** Null when there is none: it never existed, or it is gone. */
  pod: PodDetailFragment | null;
  isGone: boolean;
}

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
          sortKey: (row, { orderBy }) => [podSortValues[orderBy?.field ?? 'NAME'](row), row.id],
          isDescending: ({ orderBy }) => orderBy?.direction === 'DESC',
          isFixed: ({ filter }) =>
            !filter.phases?.length &&
            !filter.search &&
            !filter.labelSelector &&
            !filter.node &&
            !filter.image &&
            filter.hasCause == null,
        },
      }),
    ),
    pod: build.query<PodSnapshot, string>(
      live({
        load: async (id: string, context, minPosition) => {
          const answer = await execute(PodDocument, { id, minPosition }, context);
          if (answer.error) return answer;
          const pod = answer.data.pod ?? null;
          return { data: { pod, isGone: !pod } };
        },
        document: PodDetailChangedDocument,
        follows: ({ pod }: PodSnapshot) => pod !== null,
        variables: (_id, after, { pod }) => ({
          after,
          filter: pod && { cluster: pod.cluster.id, namespaces: [pod.namespace], search: pod.name },
        }),
        change: ({ podChanged }) => podChanged,
        apply: (snapshot: PodSnapshot, { podId, pod, kind }, id) => {
          // A cluster goes with all that is in it.
          if (podId !== id && podId !== id.split('~')[1]) return;
          snapshot.isGone = kind === 'REMOVED' || !pod;
          if (pod) snapshot.pod = pod;
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

export const { usePodsQuery, usePodQuery } = podsApi;
