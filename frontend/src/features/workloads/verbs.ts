import {
  DeleteWorkloadDocument,
  RestartWorkloadDocument,
  ScaleWorkloadDocument,
  StartWorkloadDocument,
  StopWorkloadDocument,
} from '@/graphql/generated/graphql';

/** The mutation of each verb. */
export const documents = {
  scale: ScaleWorkloadDocument,
  restart: RestartWorkloadDocument,
  stop: StopWorkloadDocument,
  start: StartWorkloadDocument,
  delete: DeleteWorkloadDocument,
};

export type Verb = keyof typeof documents;

/** What the server takes: MAX_REPLICAS in domain/src/target/decide.rs. */
export const replicasRule = { least: 0, most: 10_000 };
