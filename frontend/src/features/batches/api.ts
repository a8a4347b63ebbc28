import { api, execute } from '@/graphql/api';
import {
  BatchChangedDocument,
  BatchDocument,
  BatchesDocument,
  type BatchesQuery,
  type BatchFieldsFragment,
  BatchMembersDocument,
  type BatchMembersQuery,
  type OperationFieldsFragment,
  type OperationState,
} from '@/graphql/generated/graphql';
import { live, type Positioned } from '@/graphql/live';
import { stillWindow, type Window, type WindowArgs } from '@/resource/window';

export type BatchRow = BatchFieldsFragment;

/** One batch as it is now; null where there is none. */
interface BatchSnapshot extends Positioned {
  batch: BatchRow | null;
}

export type MemberArgs = WindowArgs<{ batch: string; states?: OperationState[] }>;

const batchesApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** The newest first. The list has no subscription. */
    batches: build.query<Window<BatchRow>, WindowArgs>({
      query: ({ first, after }) => ({ document: BatchesDocument, variables: { first, after } }),
      transformResponse: ({ batches }: BatchesQuery) => stillWindow(batches),
    }),
    batch: build.query<BatchSnapshot, string>(
      live({
        load: async (id: string, context) => {
          const answer = await execute(BatchDocument, { id }, context);
          return answer.error ? answer : { data: { batch: answer.data.batch ?? null } };
        },
        document: BatchChangedDocument,
        follows: ({ batch }: BatchSnapshot) => batch !== null && batch.finishedAt === null,
        variables: (id, after) => ({ id, after }),
        change: ({ batchChanged }) => batchChanged,
        apply: (snapshot: BatchSnapshot, { batch }) => {
          snapshot.batch = batch;
        },
      }),
    ),
    /** The operations of a batch. They are read again when its counts change. */
    batchMembers: build.query<Window<OperationFieldsFragment>, MemberArgs>({
      query: ({ filter: { batch, states }, first, after }) => ({
        document: BatchMembersDocument,
        variables: { id: batch, states: states?.length ? states : null, first, after },
      }),
      transformResponse: ({ batch }: BatchMembersQuery) => stillWindow(batch?.operations),
    }),
  }),
});

export const { useBatchesQuery, useBatchMembersQuery, useBatchQuery } = batchesApi;
