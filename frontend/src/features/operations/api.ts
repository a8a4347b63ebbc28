import { api, ask } from '@/graphql/api';
import {
  CancelOperationDocument,
  type CancelOperationMutation,
  OperationChangedDocument,
  type OperationInput,
  type OperationOutcomeFragment,
  OperationsDocument,
  RetryOperationDocument,
  type RetryOperationMutation,
} from '@/graphql/generated/graphql';
import { live } from '@/graphql/live';
import { written } from '@/graphql/written-slice';
import { applyOperationChange, type OperationWindow, type OperationWindowArgs } from './window';

interface Started {
  // biome-ignore lint/suspicious/noExplicitAny: the store's own types depend on this module
  dispatch: (action: any) => any;
  queryFulfilled: Promise<{ data: OperationOutcomeFragment }>;
}

/** For every mutation that asks for an operation: what is read from now on includes it. */
export async function rememberPosition(_: unknown, { dispatch, queryFulfilled }: Started) {
  try {
    const { data } = await queryFulfilled;
    if (data.__typename === 'OperationAccepted') dispatch(written(data.position));
  } catch {
    // The caller shows the error.
  }
}

const operationsApi = api.injectEndpoints({
  endpoints: (build) => ({
    operations: build.query<OperationWindow, OperationWindowArgs>(
      live({
        load: async (args: OperationWindowArgs, asking, minPosition) => {
          const answer = await ask(OperationsDocument, { ...args, minPosition }, asking);
          return answer.error ? answer : { data: answer.data.operations };
        },
        document: OperationChangedDocument,
        variables: ({ filter }, after) => ({ cluster: filter.cluster, after }),
        change: (data) => data.operationChanged,
        apply: applyOperationChange,
      }),
    ),
    cancelOperation: build.mutation<OperationOutcomeFragment, OperationInput>({
      query: (input) => ({ document: CancelOperationDocument, variables: { input } }),
      transformResponse: (data: CancelOperationMutation) => data.cancelOperation,
      onQueryStarted: rememberPosition,
    }),
    retryOperation: build.mutation<OperationOutcomeFragment, OperationInput>({
      query: (input) => ({ document: RetryOperationDocument, variables: { input } }),
      transformResponse: (data: RetryOperationMutation) => data.retryOperation,
      onQueryStarted: rememberPosition,
    }),
  }),
});

export const { useOperationsQuery, useCancelOperationMutation, useRetryOperationMutation } = operationsApi;
