import { api, execute } from '@/graphql/api';
import { OperationChangedDocument, OperationsDocument } from '@/graphql/generated/graphql';
import { live } from '@/graphql/live';
import { applyOperationChange, type OperationWindow, type OperationWindowArgs } from './window';

export const latestOperations: OperationWindowArgs = { filter: {}, first: 20 };

const operationsApi = api.injectEndpoints({
  endpoints: (build) => ({
    operations: build.query<OperationWindow, OperationWindowArgs>(
      live({
        load: async (args: OperationWindowArgs, context, minPosition) => {
          const answer = await execute(OperationsDocument, { ...args, minPosition }, context);
          return answer.error ? answer : { data: answer.data.operations };
        },
        document: OperationChangedDocument,
        variables: ({ filter }, after) => ({ cluster: filter.cluster, after }),
        change: (data) => data.operationChanged,
        apply: applyOperationChange,
      }),
    ),
  }),
});

export const { useOperationsQuery } = operationsApi;
