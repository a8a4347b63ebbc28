import { rememberPosition } from '@/features/operations/api';
import { api } from '@/graphql/api';
import {
  CreateWorkloadDocument,
  type CreateWorkloadInput,
  type CreateWorkloadMutation,
  DeleteWorkloadDocument,
  type OperationOutcomeFragment,
  RestartWorkloadDocument,
  ScaleWorkloadDocument,
  StartWorkloadDocument,
  StopWorkloadDocument,
  type WorkloadInput,
} from '@/graphql/generated/graphql';

export type Verb = 'scale' | 'restart' | 'stop' | 'start' | 'delete';

/** What the server takes: MAX_REPLICAS in domain/src/target/decide.rs. */
export const replicasRule = { least: 0, most: 10_000 };

export interface WorkloadCommand {
  verb: Verb;
  input: WorkloadInput & { replicas?: number };
}

const documents = {
  scale: ScaleWorkloadDocument,
  restart: RestartWorkloadDocument,
  stop: StopWorkloadDocument,
  start: StartWorkloadDocument,
  delete: DeleteWorkloadDocument,
};

const commandsApi = api.injectEndpoints({
  endpoints: (build) => ({
    createWorkload: build.mutation<OperationOutcomeFragment, CreateWorkloadInput>({
      query: (input) => ({ document: CreateWorkloadDocument, variables: { input } }),
      transformResponse: (data: CreateWorkloadMutation) => data.createWorkload,
      onQueryStarted: rememberPosition,
    }),
    commandWorkload: build.mutation<OperationOutcomeFragment, WorkloadCommand>({
      query: ({ verb, input }) => ({ document: documents[verb], variables: { input } }),
      transformResponse: (data: Record<string, OperationOutcomeFragment>, _meta, { verb }) =>
        data[`${verb}Workload`] as OperationOutcomeFragment,
      onQueryStarted: rememberPosition,
    }),
  }),
});

export const { useCreateWorkloadMutation, useCommandWorkloadMutation } = commandsApi;
