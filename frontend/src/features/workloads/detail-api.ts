import { api, ask } from '@/graphql/api';
import {
  PodChangedDocument,
  type PodChangedSubscription,
  type PodFilter,
  PodsDocument,
  type PodsQuery,
  WorkloadDetailChangedDocument,
  type WorkloadDetailFragment,
  WorkloadDocument,
} from '@/graphql/generated/graphql';
import { live, type Positioned } from '@/graphql/live';

export interface SeenWorkload extends Positioned {
  /** The last that was seen of it; null when there never was one. */
  workload: WorkloadDetailFragment | null;
  gone: boolean;
}

export type PodWindow = PodsQuery['pods'] & Positioned & { changes: Record<string, number> };

export interface PodWindowArgs {
  filter: PodFilter;
  first: number;
}

const workloadApi = api.injectEndpoints({
  endpoints: (build) => ({
    workload: build.query<SeenWorkload, string>(
      live({
        load: async (id: string, asking, minPosition) => {
          const answer = await ask(WorkloadDocument, { id, minPosition }, asking);
          if (answer.error) return answer;
          const workload = answer.data.workload ?? null;
          return { data: { workload, gone: !workload } };
        },
        document: WorkloadDetailChangedDocument,
        follows: ({ workload }: SeenWorkload) => workload !== null,
        variables: (_id, after, { workload }) => ({
          after,
          filter: workload && {
            cluster: workload.cluster.id,
            namespaces: [workload.namespace],
            kinds: [workload.kind],
            search: workload.name,
          },
        }),
        change: (data) => data.workloadChanged,
        apply: (seen: SeenWorkload, { workloadId, workload, kind }, id) => {
          if (workloadId !== id) return;
          seen.gone = kind === 'REMOVED' || !workload;
          if (workload) seen.workload = workload;
        },
      }),
    ),
    pods: build.query<PodWindow, PodWindowArgs>(
      live({
        load: async (args: PodWindowArgs, asking) => {
          const answer = await ask(PodsDocument, args, asking);
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

export function applyPodChange(window: PodWindow, change: PodChangedSubscription['podChanged']) {
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

export const { useWorkloadQuery, usePodsQuery } = workloadApi;
export const reloadWorkload = (id: string) =>
  workloadApi.endpoints.workload.initiate(id, { forceRefetch: true, subscribe: false });
