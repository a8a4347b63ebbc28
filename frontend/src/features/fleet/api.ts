import { isProblem, workloadStates } from '@/features/workloads/states';
import { api } from '@/graphql/api';
import { ClusterCountsDocument, type ClusterCountsQuery } from '@/graphql/generated/graphql';

/** The states in which a workload counts as affected. */
export const TROUBLE = workloadStates.filter(isProblem);

/** How much there is in a cluster. */
export interface ClusterCounts {
  workloads: number;
  /** The workloads among them that are in trouble. */
  affected: number;
  pods: number;
  /** Null where nodes are not recorded. */
  nodes: number | null;
}

const fleetApi = api.injectEndpoints({
  endpoints: (build) => ({
    clusterCounts: build.query<ClusterCounts, string>({
      query: (cluster) => ({ document: ClusterCountsDocument, variables: { cluster, trouble: TROUBLE } }),
      transformResponse: ({ workloads, affected, pods, nodes }: ClusterCountsQuery) => ({
        workloads: workloads.totalCount,
        affected: affected.totalCount,
        pods: pods.totalCount,
        nodes: nodes.totalCount ?? null,
      }),
    }),
  }),
});

export const { useClusterCountsQuery } = fleetApi;
