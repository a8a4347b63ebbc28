import { api, execute } from '@/graphql/api';
import {
  PodChangedDocument,
  type PodChangedSubscription,
  type PodFilter,
  PodsDocument,
  type PodsQuery,
} from '@/graphql/generated/graphql';
import { live, type Positioned } from '@/graphql/live';

export type PodWindow = PodsQuery['pods'] & Positioned & { changes: Record<string, number> };

export interface PodWindowArgs {
  filter: PodFilter;
  first: number;
}

/** The pods of one workload. */
export const podsOf = ({ id }: { id: string }): PodWindowArgs => ({ filter: { workload: id }, first: 200 });

const podsApi = api.injectEndpoints({
  endpoints: (build) => ({
    pods: build.query<PodWindow, PodWindowArgs>(
      live({
        load: async (args: PodWindowArgs, context) => {
          const answer = await execute(PodsDocument, args, context);
          return answer.error ? answer : { data: { ...answer.data.pods, changes: {} } };
        },
        document: PodChangedDocument,
        variables: ({ filter }, after) => ({ filter, after }),
        change: (data) => data.podChanged,
        apply: applyPodChange,
      }),
    ),
  }),
});

function applyPodChange(window: PodWindow, change: PodChangedSubscription['podChanged']) {
  const known = window.nodes.findIndex(({ id }) => id === change.podId);
  if (change.kind === 'REMOVED' || !change.pod) {
    if (known >= 0) {
      window.nodes.splice(known, 1);
      window.totalCount -= 1;
    }
    return;
  }
  window.changes[change.podId] = (window.changes[change.podId] ?? 0) + 1;
  if (known >= 0) window.nodes[known] = change.pod;
  else {
    window.nodes.push(change.pod);
    window.totalCount += 1;
  }
}

export const { usePodsQuery } = podsApi;
