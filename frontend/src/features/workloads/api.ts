import { historyApi } from '@/features/history/api';
import { execute, type RequestContext } from '@/graphql/api';
import {
  type CreateWorkloadInput,
  DeletionDocument,
  type DeletionQuery,
  JustBeforeDocument,
  type JustBeforeQuery,
  type JustBeforeQueryVariables,
  type OperationFieldsFragment,
  type OperationState,
  PreviewWorkloadDocument,
  type PreviewWorkloadQuery,
  WorkloadChangedDocument,
  WorkloadDetailChangedDocument,
  type WorkloadDetailFragment,
  WorkloadDocument,
  type WorkloadFilter,
  type WorkloadOrder,
  type WorkloadOrderField,
  type WorkloadRowFragment,
  WorkloadsDocument,
} from '@/graphql/generated/graphql';
import { sortableTime } from '@/graphql/instant';
import { live, type Positioned } from '@/graphql/live';
import { isAfter } from '@/graphql/position';
import { liveWindow } from '@/resource/live-window';
import type { Window, WindowArgs, WindowRules } from '@/resource/window';

export interface WorkloadWindowArgs extends WindowArgs<WorkloadFilter> {
  orderBy: WorkloadOrder;
}

/** Another begin is another question: the server looks at the time before it. */
type JustBeforeArgs = JustBeforeQueryVariables & { begin: string };

/** What the server sorts by for each order; rows that share it are sorted by their id, in the same direction. */
export const sortValues: Record<WorkloadOrderField, (row: WorkloadRowFragment) => string> = {
  NAME: ({ name }) => name,
  NAMESPACE: ({ namespace }) => namespace,
  STATE: ({ rank }) => String(rank).padStart(2, '0'),
  CREATED_AT: ({ createdAt }) => sortableTime(createdAt),
};

export const workloadRules: WindowRules<WorkloadRowFragment, WorkloadWindowArgs> = {
  id: ({ id }) => id,
  sortKey: (row, { orderBy }) => [sortValues[orderBy.field](row), row.id],
  isDescending: ({ orderBy }) => orderBy.direction === 'DESC',
  isFixed: ({ filter }) => !filter.states?.length && !filter.search && !filter.labelSelector && !filter.image,
};

/** One workload as it was last observed. */
export interface WorkloadSnapshot extends Positioned {
  /** Null when it never existed. */
  workload: WorkloadDetailFragment | null;
  isGone: boolean;
}

/** When a workload was deleted, and the operation that requested it, if one did. */
export interface Deletion {
  at: string;
  operation: DeletionQuery['operations']['nodes'][number] | null;
}

/** Where the changes of a workload are, whether it was observed yet or not; null for an id that is none. */
function placeOf(id: string): WorkloadFilter | null {
  const [kind, cluster, namespace, name, ...more] = id.split('~');
  if (!kind || !cluster || !namespace || !name || more.length > 0) return null;
  return { cluster, namespaces: [namespace], search: name };
}

/** How much later than the end of its operation the watch may record a deletion. */
const RECORDED_WITHIN_MS = 10_000;

const FUTILE: OperationState[] = ['QUEUED', 'FAILED', 'CANCELLED', 'OVERTAKEN'];

export function deletionOf({ auditEvents, operations }: DeletionQuery): Deletion | null {
  const [gone] = auditEvents.nodes;
  if (!gone) return null;
  const at = Date.parse(gone.recordedAt);
  const operation = operations.nodes.find(
    ({ kind, state, requestedPosition, finishedAt }) =>
      kind === 'DeleteWorkload' &&
      !FUTILE.includes(state) &&
      isAfter(gone.position, requestedPosition) &&
      (!finishedAt || at <= Date.parse(finishedAt) + RECORDED_WITHIN_MS),
  );
  return { at: gone.recordedAt, operation: operation ?? null };
}

/** The operation that a workload comes from: the last one on it, unless it was deleted since. */
export function creationOf(
  operations: OperationFieldsFragment[] | undefined,
  deletion: Deletion | null | undefined,
): OperationFieldsFragment | null {
  const [last] = operations ?? [];
  if (last?.kind !== 'CreateWorkload') return null;
  const isDeleted = deletion && Date.parse(deletion.at) >= Date.parse(last.requestedAt);
  return isDeleted ? null : last;
}

export const workloadsApi = historyApi.injectEndpoints({
  endpoints: (build) => ({
    workloads: build.query<Window<WorkloadRowFragment>, WorkloadWindowArgs>(
      liveWindow({
        document: WorkloadsDocument,
        variables: (args: WorkloadWindowArgs, minPosition) => ({ ...args, minPosition }),
        page: ({ workloads }) => workloads,
        stream: WorkloadChangedDocument,
        streamVariables: ({ filter }, after) => ({ filter, after }),
        change: ({ workloadChanged }) => workloadChanged,
        rowChange: ({ kind, workloadId, workload }) => ({ kind, id: workloadId, row: workload ?? null }),
        rules: workloadRules,
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
        follows: (_snapshot, id) => placeOf(id) !== null,
        variables: (id, after) => ({ after, filter: placeOf(id) }),
        change: (data) => data.workloadChanged,
        apply: (snapshot: WorkloadSnapshot, { workloadId, workload, kind }, id) => {
          // A cluster goes with all that is in it.
          if (workloadId !== id && workloadId !== id.split('~')[1]) return;
          snapshot.isGone = kind === 'REMOVED' || !workload;
          if (workload) snapshot.workload = workload;
        },
      }),
    ),
    /** What a create would do. Never from the cache: the cluster is asked each time. */
    previewWorkload: build.mutation<PreviewWorkloadQuery['workloadPreview'], CreateWorkloadInput>({
      query: (input) => ({ document: PreviewWorkloadDocument, variables: { input } }),
      transformResponse: ({ workloadPreview }: PreviewWorkloadQuery) => workloadPreview,
    }),
    /** The end of a workload; null when none was recorded. */
    deletion: build.query<Deletion | null, string>({
      query: (workload) => ({ document: DeletionDocument, variables: { workload } }),
      transformResponse: deletionOf,
      keepUnusedDataFor: 0,
    }),
    /** The latest change before the cause of a workload began. */
    justBefore: build.query<JustBeforeQuery, JustBeforeArgs>({
      query: ({ workload }) => ({ document: JustBeforeDocument, variables: { workload } }),
      providesTags: ['Revision'],
    }),
  }),
});

/** One page of a list, past the cache. */
export async function readWorkloads(args: WorkloadWindowArgs, context: RequestContext) {
  const answer = await execute(WorkloadsDocument, args, context);
  return answer.error ? answer : { data: answer.data.workloads };
}

export const { useJustBeforeQuery, usePreviewWorkloadMutation, useWorkloadQuery, useWorkloadsQuery } =
  workloadsApi;
