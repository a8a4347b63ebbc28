import { api, ask } from '@/graphql/api';
import {
  ClustersDocument,
  type ClustersQuery,
  NamespacesDocument,
  type NamespacesQuery,
  type NamespacesQueryVariables,
  WorkloadChangedDocument,
  WorkloadsDocument,
} from '@/graphql/generated/graphql';
import { live } from '@/graphql/live';
import { applyWorkloadChange, type WorkloadWindow, type WorkloadWindowArgs } from './window';

const workloadsApi = api.injectEndpoints({
  endpoints: (build) => ({
    workloads: build.query<WorkloadWindow, WorkloadWindowArgs>(
      live({
        load: async (args: WorkloadWindowArgs, asking, minPosition) => {
          const answer = await ask(WorkloadsDocument, { ...args, minPosition }, asking);
          return answer.error
            ? answer
            : { data: { ...answer.data.workloads, changes: {}, uncertain: false } };
        },
        document: WorkloadChangedDocument,
        variables: ({ filter }, after) => ({ filter, after }),
        change: (data) => data.workloadChanged,
        apply: applyWorkloadChange,
        uncertain: (window: WorkloadWindow) => window.uncertain,
      }),
    ),
    clusters: build.query<ClustersQuery['clusters']['nodes'], void>({
      query: () => ({ document: ClustersDocument }),
      transformResponse: (data: ClustersQuery) => data.clusters.nodes,
      keepUnusedDataFor: 60,
    }),
    namespaces: build.query<string[], NamespacesQueryVariables>({
      query: (variables) => ({ document: NamespacesDocument, variables }),
      transformResponse: (data: NamespacesQuery) => [
        ...new Set(data.namespaces.nodes.map(({ name }) => name)),
      ],
      keepUnusedDataFor: 5,
    }),
  }),
});

export const { useWorkloadsQuery, useClustersQuery, useNamespacesQuery } = workloadsApi;
