import { api, execute } from '@/graphql/api';
import {
  WorkloadChangedDocument,
  WorkloadDetailChangedDocument,
  type WorkloadDetailFragment,
  WorkloadDocument,
  WorkloadsDocument,
} from '@/graphql/generated/graphql';
import { live, type Positioned } from '@/graphql/live';
import { applyWorkloadChange, type WorkloadWindow, type WorkloadWindowArgs } from './window';

/** One workload as it was last observed. */
export interface WorkloadSnapshot extends Positioned {
  /** Null when it never existed. */
  workload: WorkloadDetailFragment | null;
  isGone: boolean;
}

const workloadsApi = api.injectEndpoints({
  endpoints: (build) => ({
    workloads: build.query<WorkloadWindow, WorkloadWindowArgs>(
      live({
        load: async (args: WorkloadWindowArgs, context, minPosition) => {
          const answer = await execute(WorkloadsDocument, { ...args, minPosition }, context);
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
    workload: build.query<WorkloadSnapshot, string>(
      live({
        load: async (id: string, context, minPosition) => {
          const answer = await execute(WorkloadDocument, { id, minPosition }, context);
          if (answer.error) return answer;
          const workload = answer.data.workload ?? null;
          return { data: { workload, isGone: !workload } };
        },
        document: WorkloadDetailChangedDocument,
        follows: ({ workload }: WorkloadSnapshot) => workload !== null,
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
        apply: (snapshot: WorkloadSnapshot, { workloadId, workload, kind }, id) => {
          if (workloadId !== id) return;
          snapshot.isGone = kind === 'REMOVED' || !workload;
          if (workload) snapshot.workload = workload;
        },
      }),
    ),
  }),
});

export const { useWorkloadsQuery, useWorkloadQuery } = workloadsApi;
