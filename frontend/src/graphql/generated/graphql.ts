/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** One or many YAML documents, or JSON. For each object that is there already: the version the author started from. */
export type ApplyManifestsInput = {
  /** A document of one of these is an edit: only what its author changed since that version is sent. */
  basedOn?: Array<BasedOn> | null | undefined;
  cluster: string;
  /** Where a namespaced document names none; default if it is left out. */
  defaultNamespace?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
  manifests: string;
  reason?: string | null | undefined;
  /**
   * Fields of other managers that the author saw and takes over. The other fields of others in the same document are then left
   * to them; without an entry for its object, a document that would take some is refused.
   */
  takeOver?: Array<FieldOwnership> | null | undefined;
};

/** Who caused an event. */
export type AuditBy =
  /** What was observed in a cluster. */
  | 'OBSERVED'
  /** What people requested, did or tried, and what was done in their name. */
  | 'PEOPLE'
  /** What Binnacle did by itself, steps of operations included. */
  | 'SERVICES';

export type AuditFilter = {
  actor?: string | null | undefined;
  /** Who caused the event. */
  by?: AuditBy | null | undefined;
  cluster?: string | null | undefined;
  namespace?: string | null | undefined;
  operation?: string | null | undefined;
  /** Part of the English sentence or of the reason. Observations of pods are left out: `target` finds those. */
  search?: string | null | undefined;
  since?: string | null | undefined;
  /** Events of operations that are in one of these states now. */
  states?: Array<OperationState> | null | undefined;
  target?: string | null | undefined;
  types?: Array<string> | null | undefined;
  until?: string | null | undefined;
  /** Events of operations with one of these verbs, for example ScaleWorkload. */
  verbs?: Array<string> | null | undefined;
};

/** What the author of a document started from. */
export type BasedOn = {
  id: string;
  /** The text of the manifest as it was shown; needed where the kind is not recorded, and for pods. */
  manifest?: string | null | undefined;
  version: string;
};

export type BatchInput = {
  id: string;
  idempotencyKey?: string | null | undefined;
  reason?: string | null | undefined;
};

export type ChangeKind =
  | 'ADDED'
  | 'CHANGED'
  | 'REMOVED';

export type CheckState =
  | 'FAILED'
  | 'PASSED'
  | 'SKIPPED'
  /** It can be registered, and something is missing. */
  | 'WARNING';

export type ClusterCheckName =
  | 'ADDRESS'
  | 'AUTHENTICATION'
  | 'CLOCK'
  | 'CONNECT'
  | 'CREDENTIALS'
  | 'RIGHTS'
  | 'TLS'
  | 'VERSION';

export type ClusterInput = {
  id: string;
  reason?: string | null | undefined;
};

/** Whether a cluster responds. */
export type ClusterState =
  | 'CONNECTING'
  | 'DEGRADED'
  | 'READY'
  | 'UNREACHABLE';

export type ClusterTokenInput = {
  /** PEM, or PEM in base64 as in a kubeconfig. */
  certificateAuthority: string;
  server: string;
  token: string;
};

/** Whether a condition holds. */
export type ConditionStatus =
  | 'FALSE'
  | 'TRUE'
  | 'UNKNOWN';

export type CreateWorkloadInput = {
  cluster: string;
  idempotencyKey?: string | null | undefined;
  /** One workload manifest, Kubernetes YAML or JSON as text. */
  manifest: string;
  reason?: string | null | undefined;
};

export type DeleteObjectInput = {
  expectedVersion?: string | null | undefined;
  /** How long its containers may take to end; null for what the object says. */
  gracePeriodSeconds?: number | null | undefined;
  id: string;
  idempotencyKey?: string | null | undefined;
  /** What becomes of the objects that belong to it. */
  propagation?: Propagation;
  reason?: string | null | undefined;
};

/** What a cluster is for, as whoever runs Binnacle says. */
export type Environment =
  | 'DEVELOPMENT'
  | 'PRODUCTION'
  | 'STAGING';

/** The source of an observation. */
export type EvidenceKind =
  | 'ADMISSION'
  | 'CHANGE'
  | 'CONDITION'
  | 'CONTAINER'
  | 'EVENT'
  | 'LOG'
  | 'METRIC';

/** A field of an object, by its path in a conflict. */
export type FieldOwnership = {
  id: string;
  path: string;
};

export type KindInput = {
  cluster: string;
  idempotencyKey?: string | null | undefined;
  kind: string;
  reason?: string | null | undefined;
};

/** Which Kubernetes events. */
export type KubernetesEventFilter = {
  /** The object that they are about, its workload or owner, or the namespace that it is in. */
  about?: string | null | undefined;
  /**
   * Part of the reason, of the name of the object, of the component or of the container. Messages are sealed, and not
   * searched.
   */
  search?: string | null | undefined;
  type?: KubernetesEventType | null | undefined;
};

/** The two types of Kubernetes events. */
export type KubernetesEventType =
  | 'NORMAL'
  | 'WARNING';

export type LoginInput = {
  /** Six digits, if the account has a second factor. */
  code?: string | null | undefined;
  password: string;
  username: string;
};

export type LoginRefusal =
  | 'BAD_CREDENTIALS'
  | 'CODE_REQUIRED'
  | 'DISABLED'
  | 'EXPIRED'
  | 'TOO_MANY_ATTEMPTS';

/** The form of a manifest. */
export type ManifestFormat =
  | 'JSON'
  | 'YAML';

/** A kind that is read live stands alone in `kinds` and is ordered by NAME. */
export type ObjectFilter = {
  cluster?: string | null | undefined;
  /** The ids of kinds. None: all that are recorded. */
  kinds?: Array<string> | null | undefined;
  /** Kubernetes label selector. */
  labelSelector?: string | null | undefined;
  namespaces?: Array<string> | null | undefined;
  /** Part of the name or the namespace, or words of the cause in either language. */
  search?: string | null | undefined;
  states?: Array<ObjectState> | null | undefined;
};

export type ObjectOrder = {
  direction?: OrderDirection;
  field: ObjectOrderField;
};

export type ObjectOrderField =
  | 'CREATED_AT'
  | 'KIND'
  | 'NAME'
  | 'NAMESPACE'
  /** The worst first. */
  | 'STATE';

/** How an object is, in the terms of all kinds. */
export type ObjectState =
  | 'DEGRADED'
  | 'DELETING'
  | 'FAILED'
  /** It is kept from its work on purpose, or has none. */
  | 'INACTIVE'
  | 'PROGRESSING'
  /** It does what it is there for, or there is nothing that it has to become. */
  | 'READY'
  | 'UNKNOWN';

/** What was sent to Kubernetes. */
export type OperationCallKind =
  /** A server-side apply. */
  | 'APPLY'
  | 'DELETE'
  /** A server-side apply that changes nothing. */
  | 'DRY_RUN'
  | 'PATCH'
  | 'READ';

/** What came of a call. */
export type OperationCallOutcome =
  /** It had no effect, and a new try may work. */
  | 'FAILED'
  /** Kubernetes refused it for good. */
  | 'REFUSED'
  | 'SUCCEEDED'
  /** The answer was lost: it may have had its effect. */
  | 'UNKNOWN';

export type OperationFilter = {
  actor?: string | null | undefined;
  cluster?: string | null | undefined;
  namespace?: string | null | undefined;
  since?: string | null | undefined;
  states?: Array<OperationState> | null | undefined;
  target?: string | null | undefined;
  until?: string | null | undefined;
};

export type OperationInput = {
  id: string;
  idempotencyKey?: string | null | undefined;
  reason?: string | null | undefined;
};

export type OperationState =
  | 'CANCELLED'
  | 'FAILED'
  /** Somebody else changed what the operation had requested. */
  | 'OVERTAKEN'
  | 'QUEUED'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'UNKNOWN';

export type OrderDirection =
  | 'ASC'
  | 'DESC';

export type PodFilter = {
  cluster?: string | null | undefined;
  /** Only those for which a cause is known, or with false the others. */
  hasCause?: boolean | null | undefined;
  /** Part of an image. */
  image?: string | null | undefined;
  labelSelector?: string | null | undefined;
  namespaces?: Array<string> | null | undefined;
  /** The name of the node it is placed on. */
  node?: string | null | undefined;
  phases?: Array<string> | null | undefined;
  /** Part of the name, the namespace, an image or the reason, or words of the cause in either language. */
  search?: string | null | undefined;
  workload?: string | null | undefined;
};

export type PodLogInput = {
  /** Any container of the pod, init and ephemeral ones included. Required if the pod has several. */
  container?: string | null | undefined;
  /** Follows new lines, across restarts of the container. Completes when the container has ended for good. */
  follow?: boolean | null | undefined;
  pod: string;
  previous?: boolean | null | undefined;
  sinceSeconds?: number | null | undefined;
  /**
   * Exactly the lines from this time on. To resume, send the time of the last line. Lines of the previous instance
   * come first if the container has restarted since. Excludes `sinceSeconds`.
   */
  sinceTime?: string | null | undefined;
  /** Maximum number of past lines. Has no effect with `sinceTime`. */
  tailLines?: number | null | undefined;
  timestamps?: boolean | null | undefined;
};

export type PodOrder = {
  direction?: OrderDirection;
  field: PodOrderField;
};

export type PodOrderField =
  | 'CREATED_AT'
  | 'NAME'
  | 'RESTARTS'
  /** What keeps a pod from working first, then what is wrong otherwise, then the others. */
  | 'STATE';

export type PreviewChange =
  | 'CREATE'
  | 'NONE'
  | 'REFUSED'
  /** The server could not try it, for example because its namespace or kind is made by the same documents. */
  | 'UNTESTED'
  | 'UPDATE';

export type Propagation =
  /** They go after it. */
  | 'BACKGROUND'
  /** They go first. */
  | 'FOREGROUND'
  /** They stay, without an owner. */
  | 'ORPHAN';

export type RefusalCode =
  | 'ALREADY_EXISTS'
  | 'CONFLICT'
  | 'FORBIDDEN'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'NOT_SUPPORTED'
  | 'UNAVAILABLE';

export type RegisterClusterInput = {
  environment?: Environment;
  /** The cluster that Binnacle itself runs in, by the service account of its pod. */
  inCluster?: boolean;
  /** Exactly one of this, `token` and `inCluster`. Of a kubeconfig, the current context is taken. */
  kubeconfig?: string | null | undefined;
  name: string;
  /** Where the credential may see only some. */
  namespaces?: Array<string> | null | undefined;
  reason?: string | null | undefined;
  token?: ClusterTokenInput | null | undefined;
};

/** What an object is to another one. */
export type Relation =
  /** It belongs to the other one, or the other one to it: a claim and its volume, a binding and its role. */
  | 'BINDS'
  | 'MOUNTED_BY'
  /** It takes files, variables or credentials from the other one. */
  | 'MOUNTS'
  | 'OWNED'
  /** The other one owns it, and it goes with its owners. */
  | 'OWNER'
  | 'ROUTED_FROM'
  /** What is sent to it goes to the other one. */
  | 'ROUTES_TO'
  | 'SCALED_BY'
  /** It sets the replicas of the other one. */
  | 'SCALES'
  | 'SELECTED_BY'
  /** It selects the other one by its labels. */
  | 'SELECTS';

/** Back to what it was at a position, as a new operation. */
export type RestoreObjectInput = {
  expectedVersion?: string | null | undefined;
  id: string;
  idempotencyKey?: string | null | undefined;
  /** The position of one of its revisions. */
  position: string;
  reason?: string | null | undefined;
};

export type ScaleWorkloadInput = {
  expectedVersion?: string | null | undefined;
  id: string;
  idempotencyKey?: string | null | undefined;
  reason?: string | null | undefined;
  replicas: number;
};

export type SetPreferenceInput = {
  /** 1 to 100 letters, digits, dots, hyphens or underscores. */
  key: string;
  /** At most 16 KiB of JSON, and in it no text of more than 1 KiB. Null removes it. */
  value?: unknown;
};

/** What Binnacle promises for the version of a cluster. */
export type VersionSupport =
  | 'SUPPORTED'
  /** Objects are shown, and no command is taken. */
  | 'TOO_OLD'
  /** Newer than what Binnacle was tested with. Nothing is switched off. */
  | 'UNTESTED';

export type WorkloadFilter = {
  cluster?: string | null | undefined;
  /** Part of an image. */
  image?: string | null | undefined;
  kinds?: Array<WorkloadKind> | null | undefined;
  /** Kubernetes label selector. */
  labelSelector?: string | null | undefined;
  namespaces?: Array<string> | null | undefined;
  /** The workload that controls them, for example the CronJob of Jobs. */
  owner?: string | null | undefined;
  /** Part of a name, a namespace or an image, or words of the cause in either language. */
  search?: string | null | undefined;
  states?: Array<WorkloadState> | null | undefined;
};

export type WorkloadInput = {
  expectedVersion?: string | null | undefined;
  id: string;
  idempotencyKey?: string | null | undefined;
  reason?: string | null | undefined;
};

export type WorkloadKind =
  | 'CRON_JOB'
  | 'DAEMON_SET'
  | 'DEPLOYMENT'
  | 'JOB'
  | 'REPLICA_SET'
  | 'STATEFUL_SET';

export type WorkloadOrder = {
  direction?: OrderDirection;
  field: WorkloadOrderField;
};

export type WorkloadOrderField =
  | 'CREATED_AT'
  | 'NAME'
  | 'NAMESPACE'
  | 'STATE';

export type WorkloadState =
  | 'COMPLETED'
  | 'DEGRADED'
  | 'DELETING'
  | 'FAILED'
  | 'PAUSED'
  | 'PROGRESSING'
  | 'ROLLOUT_STUCK'
  | 'RUNNING'
  | 'STOPPED'
  | 'SUSPENDED'
  | 'UNAVAILABLE'
  | 'UNKNOWN';

export type AuditFactsFragment = { position: string, id: string, type: string, recordedAt: string, component: string | null, cluster: string | null, namespace: string | null, objectId: string | null, summary: string, reason: string | null, actor: { id: string, displayName: string } | null, operation: { id: string, kind: string, state: OperationState, supersededBy: string | null, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string }, workload: { id: string } | null } } | null };

export type AuditRowFragment = { payload: unknown, position: string, id: string, type: string, recordedAt: string, component: string | null, cluster: string | null, namespace: string | null, objectId: string | null, summary: string, reason: string | null, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }>, actor: { id: string, displayName: string } | null, operation: { id: string, kind: string, state: OperationState, supersededBy: string | null, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string }, workload: { id: string } | null } } | null };

export type AuditEventsQueryVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditEventsQuery = { auditEvents: { nodes: Array<{ payload: unknown, position: string, id: string, type: string, recordedAt: string, component: string | null, cluster: string | null, namespace: string | null, objectId: string | null, summary: string, reason: string | null, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }>, actor: { id: string, displayName: string } | null, operation: { id: string, kind: string, state: OperationState, supersededBy: string | null, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string }, workload: { id: string } | null } } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AuditCsvQueryVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditCsvQuery = { auditEvents: { totalCount: number | null, nodes: Array<{ position: string, id: string, type: string, recordedAt: string, component: string | null, cluster: string | null, namespace: string | null, objectId: string | null, summary: string, reason: string | null, actor: { id: string, displayName: string } | null, operation: { id: string, kind: string, state: OperationState, supersededBy: string | null, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string }, workload: { id: string } | null } } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type EventProofQueryVariables = Exact<{
  position: string;
}>;


export type EventProofQuery = { auditEvent: { proof: { treeSize: string, contentHash: string, path: Array<string>, rootHash: string, text: string | null } | null } | null };

export type AuditEventRecordedSubscriptionVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditEventRecordedSubscription = { auditEventRecorded: { payload: unknown, position: string, id: string, type: string, recordedAt: string, component: string | null, cluster: string | null, namespace: string | null, objectId: string | null, summary: string, reason: string | null, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }>, actor: { id: string, displayName: string } | null, operation: { id: string, kind: string, state: OperationState, supersededBy: string | null, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string }, workload: { id: string } | null } } | null } };

export type BatchFieldsFragment = { id: string, kind: string, state: OperationState, total: number, queued: number, running: number, succeeded: number, failed: number, cancelled: number, unknown: number, skipped: number, reason: string | null, requestedAt: string, finishedAt: string | null, actor: { id: string, displayName: string } | null };

export type BatchesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type BatchesQuery = { batches: { totalCount: number, nodes: Array<{ id: string, kind: string, state: OperationState, total: number, queued: number, running: number, succeeded: number, failed: number, cancelled: number, unknown: number, skipped: number, reason: string | null, requestedAt: string, finishedAt: string | null, actor: { id: string, displayName: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type BatchQueryVariables = Exact<{
  id: string;
}>;


export type BatchQuery = { batch: { id: string, kind: string, state: OperationState, total: number, queued: number, running: number, succeeded: number, failed: number, cancelled: number, unknown: number, skipped: number, reason: string | null, requestedAt: string, finishedAt: string | null, actor: { id: string, displayName: string } | null } | null };

export type BatchMembersQueryVariables = Exact<{
  id: string;
  states?: Array<OperationState> | OperationState | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type BatchMembersQuery = { batch: { operations: { totalCount: number, nodes: Array<{ id: string, kind: string, state: OperationState, progress: number, stage: string | null, overtakenBy: string | null, supersededBy: string | null, reason: string | null, requestedAt: string, startedAt: string | null, finishedAt: string | null, attempts: number, canCancel: boolean, canRetry: boolean, requestedPosition: string, cause: { since: string | null, message: { code: string, text: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, stages: Array<{ name: string, state: OperationState, startedAt: string | null, finishedAt: string | null, message: string | null }>, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string, environment: Environment }, workload: { id: string } | null }, actor: { id: string, displayName: string } | null, error: { code: string, message: string, retryable: boolean } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type BatchChangedSubscriptionVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type BatchChangedSubscription = { batchChanged: { position: string, batch: { id: string, kind: string, state: OperationState, total: number, queued: number, running: number, succeeded: number, failed: number, cancelled: number, unknown: number, skipped: number, reason: string | null, requestedAt: string, finishedAt: string | null, actor: { id: string, displayName: string } | null } } };

export type CancelBatchMutationVariables = Exact<{
  input: BatchInput;
}>;


export type CancelBatchMutation = { cancelBatch:
    | { __typename: 'BatchAccepted', position: string, batch: { id: string, total: number } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type RetryBatchMutationVariables = Exact<{
  input: BatchInput;
}>;


export type RetryBatchMutation = { retryBatch:
    | { __typename: 'BatchAccepted', position: string, batch: { id: string, total: number } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type CauseFieldsFragment = { since: string | null, message: { code: string, text: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> };

export type ClusterFieldsFragment = { id: string, name: string, environment: Environment, version: string | null, versionSupport: VersionSupport | null, namespaces: Array<string>, state: ClusterState, reason: string | null, recordedSince: string | null, switchedOff: Array<{ text: string }>, unreadable: Array<{ kind: string, message: string }> };

export type ClustersQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type ClustersQuery = { clusters: { nodes: Array<{ id: string, name: string, environment: Environment, version: string | null, versionSupport: VersionSupport | null, namespaces: Array<string>, state: ClusterState, reason: string | null, recordedSince: string | null, switchedOff: Array<{ text: string }>, unreadable: Array<{ kind: string, message: string }> }>, pageInfo: { endCursor: string | null } } };

export type NamespacesQueryVariables = Exact<{
  cluster?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type NamespacesQuery = { namespaces: { nodes: Array<{ id: string, name: string }> } };

export type NamespaceQueryVariables = Exact<{
  id: string;
}>;


export type NamespaceQuery = { node:
    | { id: string }
    | { id: string }
    | { id: string }
    | { phase: string, id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   | null };

export type OfferFieldsFragment = { action: string, supported: boolean, allowed: boolean, reason: { text: string } | null };

export type EditedObjectQueryVariables = Exact<{
  id: string;
}>;


export type EditedObjectQuery = { object: { id: string, name: string, namespace: string | null, version: string, manifest: string, cluster: { id: string, name: string, environment: Environment }, kind: { id: string, kind: string, recorded: boolean }, availableActions: Array<{ action: string, supported: boolean, allowed: boolean, reason: { text: string } | null }> } | null };

export type ObjectVersionQueryVariables = Exact<{
  id: string;
}>;


export type ObjectVersionQuery = { object: { version: string, cluster: { id: string, name: string, environment: Environment } } | null };

export type ObjectOffersQueryVariables = Exact<{
  id: string;
}>;


export type ObjectOffersQuery = { object: { availableActions: Array<{ action: string, supported: boolean, allowed: boolean, reason: { text: string } | null }> } | null };

export type KindSchemaQueryVariables = Exact<{
  cluster: string;
  kind: string;
}>;


export type KindSchemaQuery = { kindSchema: unknown };

export type PreviewFieldsFragment = { id: string | null, change: PreviewChange, live: string | null, result: string | null, warnings: Array<string>, managedBy: string | null, line: number | null, diff: Array<{ path: string, before: unknown, after: unknown, important: boolean }>, conflicts: Array<{ path: string, manager: string, base: unknown, live: unknown, yours: unknown }>, error: { code: string, message: string, retryable: boolean } | null };

export type PreviewManifestsQueryVariables = Exact<{
  input: ApplyManifestsInput;
}>;


export type PreviewManifestsQuery = { manifestPreview: { objects: Array<{ id: string | null, change: PreviewChange, live: string | null, result: string | null, warnings: Array<string>, managedBy: string | null, line: number | null, diff: Array<{ path: string, before: unknown, after: unknown, important: boolean }>, conflicts: Array<{ path: string, manager: string, base: unknown, live: unknown, yours: unknown }>, error: { code: string, message: string, retryable: boolean } | null }> } };

export type ApplyManifestsMutationVariables = Exact<{
  input: ApplyManifestsInput;
}>;


export type ApplyManifestsMutation = { applyManifests:
    | { __typename: 'BatchAccepted', position: string, batch: { id: string, total: number } }
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { kind: string, namespace: string | null, name: string, cluster: { id: string } } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null, conflicts: Array<{ path: string, manager: string, base: unknown, live: unknown, yours: unknown }> }
   };

export type RestoreObjectMutationVariables = Exact<{
  input: RestoreObjectInput;
}>;


export type RestoreObjectMutation = { restoreObject:
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { name: string } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type EventRowFragment = { id: string, type: string, reason: string, message: string, count: number, lastSeen: string, source: string | null, objectId: string, container: string | null };

export type EventsQueryVariables = Exact<{
  filter: KubernetesEventFilter;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type EventsQuery = { kubernetesEvents: { totalCount: number, nodes: Array<{ id: string, type: string, reason: string, message: string, count: number, lastSeen: string, source: string | null, objectId: string, container: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ClusterCountsQueryVariables = Exact<{
  cluster: string;
  trouble: Array<WorkloadState> | WorkloadState;
}>;


export type ClusterCountsQuery = { workloads: { totalCount: number }, affected: { totalCount: number }, pods: { totalCount: number }, nodes: { totalCount: number | null } };

export type ClusterCheckQueryVariables = Exact<{
  input: RegisterClusterInput;
}>;


export type ClusterCheckQuery = { clusterCheck: { ok: boolean, steps: Array<{ name: ClusterCheckName, state: CheckState, message: { text: string } }> } };

type ClusterOutcome_ClusterAccepted_Fragment = { __typename: 'ClusterAccepted', position: string, cluster: { id: string, name: string, environment: Environment, version: string | null, versionSupport: VersionSupport | null, namespaces: Array<string>, state: ClusterState, reason: string | null, recordedSince: string | null, switchedOff: Array<{ text: string }>, unreadable: Array<{ kind: string, message: string }> } };

type ClusterOutcome_OperationRefused_Fragment = { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null };

export type ClusterOutcomeFragment =
  | ClusterOutcome_ClusterAccepted_Fragment
  | ClusterOutcome_OperationRefused_Fragment
;

export type RegisterClusterMutationVariables = Exact<{
  input: RegisterClusterInput;
}>;


export type RegisterClusterMutation = { registerCluster:
    | { __typename: 'ClusterAccepted', position: string, cluster: { id: string, name: string, environment: Environment, version: string | null, versionSupport: VersionSupport | null, namespaces: Array<string>, state: ClusterState, reason: string | null, recordedSince: string | null, switchedOff: Array<{ text: string }>, unreadable: Array<{ kind: string, message: string }> } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type RemoveClusterMutationVariables = Exact<{
  input: ClusterInput;
}>;


export type RemoveClusterMutation = { removeCluster:
    | { __typename: 'ClusterAccepted', position: string, cluster: { id: string, name: string, environment: Environment, version: string | null, versionSupport: VersionSupport | null, namespaces: Array<string>, state: ClusterState, reason: string | null, recordedSince: string | null, switchedOff: Array<{ text: string }>, unreadable: Array<{ kind: string, message: string }> } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type RevisionFieldsFragment = { position: string, recordedAt: string, recordedAnew: boolean, managers: Array<string>, operation: { id: string, kind: string, actor: { displayName: string } | null } | null, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }> };

export type RevisionsQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RevisionsQuery = { object: { revisions: { totalCount: number, nodes: Array<{ position: string, recordedAt: string, recordedAnew: boolean, managers: Array<string>, operation: { id: string, kind: string, actor: { displayName: string } | null } | null, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type EndQueryVariables = Exact<{
  id: string;
}>;


export type EndQuery = { auditEvents: { nodes: Array<{ recordedAt: string }> } };

export type KindNamesFragment = { id: string, kind: string, plural: string, group: string, namespaced: boolean, recorded: boolean, optional: boolean, custom: boolean, shortNames: Array<string> };

export type KindFieldsFragment = { count: number | null, problems: number | null, id: string, kind: string, plural: string, group: string, namespaced: boolean, recorded: boolean, optional: boolean, custom: boolean, shortNames: Array<string> };

export type KindsQueryVariables = Exact<{
  cluster: string;
  after?: string | null | undefined;
}>;


export type KindsQuery = { kinds: { nodes: Array<{ count: number | null, problems: number | null, id: string, kind: string, plural: string, group: string, namespaced: boolean, recorded: boolean, optional: boolean, custom: boolean, shortNames: Array<string> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type KindNamesQueryVariables = Exact<{
  cluster: string;
  after?: string | null | undefined;
}>;


export type KindNamesQuery = { kinds: { nodes: Array<{ id: string, kind: string, plural: string, group: string, namespaced: boolean, recorded: boolean, optional: boolean, custom: boolean, shortNames: Array<string> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

type KindOutcome_KindAccepted_Fragment = { __typename: 'KindAccepted', position: string, kind: { id: string, kind: string, plural: string, group: string, namespaced: boolean, recorded: boolean, optional: boolean, custom: boolean, shortNames: Array<string> } };

type KindOutcome_OperationRefused_Fragment = { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null };

export type KindOutcomeFragment =
  | KindOutcome_KindAccepted_Fragment
  | KindOutcome_OperationRefused_Fragment
;

export type RecordKindMutationVariables = Exact<{
  input: KindInput;
}>;


export type RecordKindMutation = { recordKind:
    | { __typename: 'KindAccepted', position: string, kind: { id: string, kind: string, plural: string, group: string, namespaced: boolean, recorded: boolean, optional: boolean, custom: boolean, shortNames: Array<string> } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type ReleaseKindMutationVariables = Exact<{
  input: KindInput;
}>;


export type ReleaseKindMutation = { releaseKind:
    | { __typename: 'KindAccepted', position: string, kind: { id: string, kind: string, plural: string, group: string, namespaced: boolean, recorded: boolean, optional: boolean, custom: boolean, shortNames: Array<string> } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type ObjectRowFragment = { id: string, namespace: string | null, name: string, state: ObjectState, rank: number, columns: unknown, createdAt: string | null, cause: { since: string | null, message: { text: string } } | null };

export type ObjectsQueryVariables = Exact<{
  filter?: ObjectFilter | null | undefined;
  orderBy?: ObjectOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  minPosition?: string | null | undefined;
}>;


export type ObjectsQuery = { objects: { totalCount: number | null, nodes: Array<{ id: string, namespace: string | null, name: string, state: ObjectState, rank: number, columns: unknown, createdAt: string | null, cause: { since: string | null, message: { text: string } } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ObjectChangedSubscriptionVariables = Exact<{
  filter?: ObjectFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type ObjectChangedSubscription = { objectChanged: { position: string, kind: ChangeKind, objectId: string, object: { id: string, namespace: string | null, name: string, state: ObjectState, rank: number, columns: unknown, createdAt: string | null, cause: { since: string | null, message: { text: string } } | null } | null } };

export type PrintedColumnsQueryVariables = Exact<{
  filter: ObjectFilter;
}>;


export type PrintedColumnsQuery = { objects: { nodes: Array<{ kind: { columns: Array<string> | null } }> } };

export type ObjectDetailFragment = { uid: string | null, stateSince: string | null, labels: unknown, version: string, id: string, namespace: string | null, name: string, state: ObjectState, rank: number, columns: unknown, createdAt: string | null, cluster: { id: string, name: string, environment: Environment }, kind: { id: string, kind: string, group: string, version: string, recorded: boolean }, cause: { since: string | null, message: { text: string, code: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, operations: { totalCount: number }, availableActions: Array<{ action: string, supported: boolean, allowed: boolean, caution: { code: string, text: string } | null, reason: { text: string } | null }> };

export type DeleteObjectMutationVariables = Exact<{
  input: DeleteObjectInput;
}>;


export type DeleteObjectMutation = { deleteObject:
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { name: string } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type ObjectQueryVariables = Exact<{
  id: string;
  minPosition?: string | null | undefined;
}>;


export type ObjectQuery = { object: { uid: string | null, stateSince: string | null, labels: unknown, version: string, id: string, namespace: string | null, name: string, state: ObjectState, rank: number, columns: unknown, createdAt: string | null, cluster: { id: string, name: string, environment: Environment }, kind: { id: string, kind: string, group: string, version: string, recorded: boolean }, cause: { since: string | null, message: { text: string, code: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, operations: { totalCount: number }, availableActions: Array<{ action: string, supported: boolean, allowed: boolean, caution: { code: string, text: string } | null, reason: { text: string } | null }> } | null };

export type ObjectDetailChangedSubscriptionVariables = Exact<{
  filter?: ObjectFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type ObjectDetailChangedSubscription = { objectChanged: { position: string, kind: ChangeKind, objectId: string, object: { uid: string | null, stateSince: string | null, labels: unknown, version: string, id: string, namespace: string | null, name: string, state: ObjectState, rank: number, columns: unknown, createdAt: string | null, cluster: { id: string, name: string, environment: Environment }, kind: { id: string, kind: string, group: string, version: string, recorded: boolean }, cause: { since: string | null, message: { text: string, code: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, operations: { totalCount: number }, availableActions: Array<{ action: string, supported: boolean, allowed: boolean, caution: { code: string, text: string } | null, reason: { text: string } | null }> } | null } };

export type ObjectManifestQueryVariables = Exact<{
  id: string;
  format: ManifestFormat;
}>;


export type ObjectManifestQuery = { object: { manifest: string } | null };

export type LastReportQueryVariables = Exact<{
  id: string;
}>;


export type LastReportQuery = { auditEvents: { nodes: Array<{ payload: unknown }> } };

export type RevisionManifestQueryVariables = Exact<{
  position: string;
}>;


export type RevisionManifestQuery = { auditEvent: { payload: unknown } | null };

export type RelatedQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
}>;


export type RelatedQuery = { object: { missing: Array<{ relation: Relation, objectId: string }>, related: { totalCount: number, nodes: Array<{ relation: Relation, object: { id: string, state: ObjectState, cause: { message: { text: string } } | null } }> } } | null };

export type OperationFieldsFragment = { id: string, kind: string, state: OperationState, progress: number, stage: string | null, overtakenBy: string | null, supersededBy: string | null, reason: string | null, requestedAt: string, startedAt: string | null, finishedAt: string | null, attempts: number, canCancel: boolean, canRetry: boolean, requestedPosition: string, cause: { since: string | null, message: { code: string, text: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, stages: Array<{ name: string, state: OperationState, startedAt: string | null, finishedAt: string | null, message: string | null }>, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string, environment: Environment }, workload: { id: string } | null }, actor: { id: string, displayName: string } | null, error: { code: string, message: string, retryable: boolean } | null };

export type OperationDetailFragment = { deadline: string | null, id: string, kind: string, state: OperationState, progress: number, stage: string | null, overtakenBy: string | null, supersededBy: string | null, reason: string | null, requestedAt: string, startedAt: string | null, finishedAt: string | null, attempts: number, canCancel: boolean, canRetry: boolean, requestedPosition: string, waitsFor: { text: string } | null, batch: { id: string, total: number } | null, error: { code: string, message: string, retryable: boolean, conflicts: Array<{ path: string, manager: string, base: unknown, live: unknown, yours: unknown }> } | null, stages: Array<{ callCount: number, name: string, state: OperationState, startedAt: string | null, finishedAt: string | null, message: string | null, calls: Array<{ kind: OperationCallKind, objectId: string, at: string, outcome: OperationCallOutcome, message: string | null }>, apiCalls: Array<{ verb: string, path: string, at: string, tookMs: number, status: number | null, auditId: string | null }> }>, cause: { since: string | null, message: { code: string, text: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string, environment: Environment }, workload: { id: string } | null }, actor: { id: string, displayName: string } | null };

export type ConflictFieldsFragment = { path: string, manager: string, base: unknown, live: unknown, yours: unknown };

export type OperationsQueryVariables = Exact<{
  filter?: OperationFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  counted?: boolean | null | undefined;
  minPosition?: string | null | undefined;
}>;


export type OperationsQuery = { operations: { totalCount?: number, nodes: Array<{ id: string, kind: string, state: OperationState, progress: number, stage: string | null, overtakenBy: string | null, supersededBy: string | null, reason: string | null, requestedAt: string, startedAt: string | null, finishedAt: string | null, attempts: number, canCancel: boolean, canRetry: boolean, requestedPosition: string, cause: { since: string | null, message: { code: string, text: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, stages: Array<{ name: string, state: OperationState, startedAt: string | null, finishedAt: string | null, message: string | null }>, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string, environment: Environment }, workload: { id: string } | null }, actor: { id: string, displayName: string } | null, error: { code: string, message: string, retryable: boolean } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type OperationQueryVariables = Exact<{
  id: string;
  minPosition?: string | null | undefined;
}>;


export type OperationQuery = { operation: { deadline: string | null, id: string, kind: string, state: OperationState, progress: number, stage: string | null, overtakenBy: string | null, supersededBy: string | null, reason: string | null, requestedAt: string, startedAt: string | null, finishedAt: string | null, attempts: number, canCancel: boolean, canRetry: boolean, requestedPosition: string, waitsFor: { text: string } | null, batch: { id: string, total: number } | null, error: { code: string, message: string, retryable: boolean, conflicts: Array<{ path: string, manager: string, base: unknown, live: unknown, yours: unknown }> } | null, stages: Array<{ callCount: number, name: string, state: OperationState, startedAt: string | null, finishedAt: string | null, message: string | null, calls: Array<{ kind: OperationCallKind, objectId: string, at: string, outcome: OperationCallOutcome, message: string | null }>, apiCalls: Array<{ verb: string, path: string, at: string, tookMs: number, status: number | null, auditId: string | null }> }>, cause: { since: string | null, message: { code: string, text: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string, environment: Environment }, workload: { id: string } | null }, actor: { id: string, displayName: string } | null } | null };

export type OneOperationChangedSubscriptionVariables = Exact<{
  id?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type OneOperationChangedSubscription = { operationChanged: { position: string, operation: { deadline: string | null, id: string, kind: string, state: OperationState, progress: number, stage: string | null, overtakenBy: string | null, supersededBy: string | null, reason: string | null, requestedAt: string, startedAt: string | null, finishedAt: string | null, attempts: number, canCancel: boolean, canRetry: boolean, requestedPosition: string, waitsFor: { text: string } | null, batch: { id: string, total: number } | null, error: { code: string, message: string, retryable: boolean, conflicts: Array<{ path: string, manager: string, base: unknown, live: unknown, yours: unknown }> } | null, stages: Array<{ callCount: number, name: string, state: OperationState, startedAt: string | null, finishedAt: string | null, message: string | null, calls: Array<{ kind: OperationCallKind, objectId: string, at: string, outcome: OperationCallOutcome, message: string | null }>, apiCalls: Array<{ verb: string, path: string, at: string, tookMs: number, status: number | null, auditId: string | null }> }>, cause: { since: string | null, message: { code: string, text: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string, environment: Environment }, workload: { id: string } | null }, actor: { id: string, displayName: string } | null } } };

export type CancellationQueryVariables = Exact<{
  operation: string;
}>;


export type CancellationQuery = { auditEvents: { nodes: Array<{ recordedAt: string, reason: string | null, actor: { displayName: string } | null }> } };

export type RetryFactsQueryVariables = Exact<{
  operation: string;
  workload: string;
}>;


export type RetryFactsQuery = { auditEvents: { nodes: Array<{ payload: unknown }> }, workload: { state: WorkloadState, desiredReplicas: number | null, images: Array<string> } | null };

export type RequestedManifestQueryVariables = Exact<{
  operation: string;
}>;


export type RequestedManifestQuery = { auditEvents: { nodes: Array<{ payload: unknown, cluster: string | null }> } };

export type ChangesOfTargetQueryVariables = Exact<{
  workload: string;
}>;


export type ChangesOfTargetQuery = { workload: { revisions: { nodes: Array<{ position: string, recordedAt: string, managers: Array<string>, operation: { id: string } | null, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }> }> } } | null };

export type ChangeFieldsFragment = { at: string, objectId: string, isDeletion: boolean, operation: { id: string, kind: string, state: OperationState, reason: string | null, actor: { displayName: string } | null } | null, revision: { managers: Array<string>, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }> } | null };

export type BeforeOperationQueryVariables = Exact<{
  target: string;
  until: string;
}>;


export type BeforeOperationQuery = { operations: { nodes: Array<{ id: string, kind: string, state: OperationState, reason: string | null, requestedAt: string, actor: { displayName: string } | null }> } };

export type LastOperationQueryVariables = Exact<{
  target: string;
}>;


export type LastOperationQuery = { operations: { nodes: Array<{ kind: string, requestedAt: string, lastPosition: string, actor: { displayName: string } | null }> } };

export type OperationChangedSubscriptionVariables = Exact<{
  cluster?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type OperationChangedSubscription = { operationChanged: { position: string, operation: { id: string, kind: string, state: OperationState, progress: number, stage: string | null, overtakenBy: string | null, supersededBy: string | null, reason: string | null, requestedAt: string, startedAt: string | null, finishedAt: string | null, attempts: number, canCancel: boolean, canRetry: boolean, requestedPosition: string, cause: { since: string | null, message: { code: string, text: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, stages: Array<{ name: string, state: OperationState, startedAt: string | null, finishedAt: string | null, message: string | null }>, target: { namespace: string | null, kind: string, name: string, cluster: { id: string, name: string, environment: Environment }, workload: { id: string } | null }, actor: { id: string, displayName: string } | null, error: { code: string, message: string, retryable: boolean } | null } } };

export type CancelOperationMutationVariables = Exact<{
  input: OperationInput;
}>;


export type CancelOperationMutation = { cancelOperation:
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { name: string } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type RetryOperationMutationVariables = Exact<{
  input: OperationInput;
}>;


export type RetryOperationMutation = { retryOperation:
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { name: string } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type OperationKindsQueryVariables = Exact<{ [key: string]: never; }>;


export type OperationKindsQuery = { operationKinds: Array<{ name: string, label: string }> };

export type ProblemFieldsFragment = { key: string, since: string | null, victimCount: number, cause: { since: string | null, message: { code: string, text: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, subject: { kind: string, name: string, namespace: string | null } | null, states: Array<{ state: WorkloadState, count: number }>, victims: Array<{ objectId: string, kind: string, namespace: string, name: string, state: WorkloadState }>, latestChange: { at: string, objectId: string, isDeletion: boolean, operation: { id: string, kind: string, state: OperationState, reason: string | null, actor: { displayName: string } | null } | null, revision: { managers: Array<string>, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }> } | null } | null };

export type OverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type OverviewQuery = { overview: { position: string, problems: { hasMore: boolean, nodes: Array<{ key: string, since: string | null, victimCount: number, cause: { since: string | null, message: { code: string, text: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, subject: { kind: string, name: string, namespace: string | null } | null, states: Array<{ state: WorkloadState, count: number }>, victims: Array<{ objectId: string, kind: string, namespace: string, name: string, state: WorkloadState }>, latestChange: { at: string, objectId: string, isDeletion: boolean, operation: { id: string, kind: string, state: OperationState, reason: string | null, actor: { displayName: string } | null } | null, revision: { managers: Array<string>, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }> } | null } | null }> }, changes: Array<{ at: string, objectId: string, isDeletion: boolean, operation: { id: string, kind: string, state: OperationState, reason: string | null, actor: { displayName: string } | null } | null, revision: { managers: Array<string>, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }> } | null }>, workloads: Array<{ state: WorkloadState, count: number }>, pods: Array<{ phase: string, count: number }>, operations: Array<{ state: OperationState, count: number }> } };

export type OverviewWorkloadChangedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type OverviewWorkloadChangedSubscription = { workloadChanged: { position: string } };

export type OverviewPodChangedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type OverviewPodChangedSubscription = { podChanged: { position: string } };

export type OverviewOperationChangedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type OverviewOperationChangedSubscription = { operationChanged: { position: string } };

export type CapacitySampledSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type CapacitySampledSubscription = { capacitySampled: { clusterId: string, sampledAt: string, message: string | null, usageMessage: string | null, nodes: { count: number, ready: number, notReady: Array<string>, unschedulable: number, cpuMillicores: number, memoryBytes: number, pods: number, podsPlaced: number, cpuRequestedMillicores: number, memoryRequestedBytes: number } | null, usage: { nodes: number, cpuMillicores: number, memoryBytes: number } | null } };

export type PodRowFragment = { id: string, namespace: string, name: string, phase: string, ready: boolean, restarts: number, rank: number, reason: string | null, node: string | null, createdAt: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, labels: unknown, cluster: { id: string, name: string }, cause: { since: string | null, message: { text: string } } | null, workload: { id: string, name: string } | null, containers: Array<{ name: string, image: string, ready: boolean, restarts: number, state: string, reason: string | null, role: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, termination: { reason: string | null, exitCode: number, signal: number | null, startedAt: string | null, finishedAt: string | null } | null }> };

export type PodDetailFragment = { id: string, namespace: string, name: string, phase: string, ready: boolean, restarts: number, rank: number, reason: string | null, node: string | null, createdAt: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, labels: unknown, cause: { since: string | null, message: { text: string, code: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, workload: { id: string, kind: WorkloadKind, name: string } | null, conditions: Array<{ type: string, status: ConditionStatus, reason: string | null, message: string, since: string | null }>, cluster: { id: string, name: string }, containers: Array<{ name: string, image: string, ready: boolean, restarts: number, state: string, reason: string | null, role: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, termination: { reason: string | null, exitCode: number, signal: number | null, startedAt: string | null, finishedAt: string | null } | null }> };

export type PodQueryVariables = Exact<{
  id: string;
  minPosition?: string | null | undefined;
}>;


export type PodQuery = { pod: { id: string, namespace: string, name: string, phase: string, ready: boolean, restarts: number, rank: number, reason: string | null, node: string | null, createdAt: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, labels: unknown, cause: { since: string | null, message: { text: string, code: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, workload: { id: string, kind: WorkloadKind, name: string } | null, conditions: Array<{ type: string, status: ConditionStatus, reason: string | null, message: string, since: string | null }>, cluster: { id: string, name: string }, containers: Array<{ name: string, image: string, ready: boolean, restarts: number, state: string, reason: string | null, role: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, termination: { reason: string | null, exitCode: number, signal: number | null, startedAt: string | null, finishedAt: string | null } | null }> } | null };

export type PodDetailChangedSubscriptionVariables = Exact<{
  filter?: PodFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type PodDetailChangedSubscription = { podChanged: { position: string, kind: ChangeKind, podId: string, pod: { id: string, namespace: string, name: string, phase: string, ready: boolean, restarts: number, rank: number, reason: string | null, node: string | null, createdAt: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, labels: unknown, cause: { since: string | null, message: { text: string, code: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, workload: { id: string, kind: WorkloadKind, name: string } | null, conditions: Array<{ type: string, status: ConditionStatus, reason: string | null, message: string, since: string | null }>, cluster: { id: string, name: string }, containers: Array<{ name: string, image: string, ready: boolean, restarts: number, state: string, reason: string | null, role: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, termination: { reason: string | null, exitCode: number, signal: number | null, startedAt: string | null, finishedAt: string | null } | null }> } | null } };

export type PodsQueryVariables = Exact<{
  filter?: PodFilter | null | undefined;
  orderBy?: PodOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  minPosition?: string | null | undefined;
}>;


export type PodsQuery = { pods: { totalCount: number, nodes: Array<{ id: string, namespace: string, name: string, phase: string, ready: boolean, restarts: number, rank: number, reason: string | null, node: string | null, createdAt: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, labels: unknown, cluster: { id: string, name: string }, cause: { since: string | null, message: { text: string } } | null, workload: { id: string, name: string } | null, containers: Array<{ name: string, image: string, ready: boolean, restarts: number, state: string, reason: string | null, role: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, termination: { reason: string | null, exitCode: number, signal: number | null, startedAt: string | null, finishedAt: string | null } | null }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type PodChangedSubscriptionVariables = Exact<{
  filter?: PodFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type PodChangedSubscription = { podChanged: { position: string, kind: ChangeKind, podId: string, pod: { id: string, namespace: string, name: string, phase: string, ready: boolean, restarts: number, rank: number, reason: string | null, node: string | null, createdAt: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, labels: unknown, cluster: { id: string, name: string }, cause: { since: string | null, message: { text: string } } | null, workload: { id: string, name: string } | null, containers: Array<{ name: string, image: string, ready: boolean, restarts: number, state: string, reason: string | null, role: string, cpuRequestMillicores: number | null, cpuLimitMillicores: number | null, memoryRequestBytes: number | null, memoryLimitBytes: number | null, termination: { reason: string | null, exitCode: number, signal: number | null, startedAt: string | null, finishedAt: string | null } | null }> } | null } };

export type PodLogSubscriptionVariables = Exact<{
  input: PodLogInput;
}>;


export type PodLogSubscription = { podLog: { time: string | null, container: string, line: string, restarted: boolean } };

export type PodMetricsSampledSubscriptionVariables = Exact<{
  filter?: PodFilter | null | undefined;
}>;


export type PodMetricsSampledSubscription = { podMetricsSampled: { sampledAt: string, available: boolean, message: string | null, pods: Array<{ podId: string, name: string, cpuMillicores: number, memoryBytes: number }> } };

export type PodUsageSampledSubscriptionVariables = Exact<{
  filter?: PodFilter | null | undefined;
}>;


export type PodUsageSampledSubscription = { podMetricsSampled: { clusterId: string, available: boolean, message: string | null, pods: Array<{ podId: string, cpuMillicores: number, memoryBytes: number }> } };

export type ContainerUsageSampledSubscriptionVariables = Exact<{
  filter?: PodFilter | null | undefined;
}>;


export type ContainerUsageSampledSubscription = { podMetricsSampled: { clusterId: string, available: boolean, message: string | null, pods: Array<{ podId: string, containers: Array<{ name: string, cpuMillicores: number, memoryBytes: number }> }> } };

export type WorkloadRowFragment = { id: string, namespace: string, kind: WorkloadKind, name: string, state: WorkloadState, stateSince: string | null, rank: number, desiredReplicas: number | null, readyReplicas: number | null, restarts: number | null, cpuRequestMillicores: number | null, memoryRequestBytes: number | null, images: Array<string>, createdAt: string, version: string, cluster: { id: string, name: string, environment: Environment }, summary: { text: string } | null, cause: { since: string | null, message: { text: string } } | null };

export type WorkloadsQueryVariables = Exact<{
  filter?: WorkloadFilter | null | undefined;
  orderBy?: WorkloadOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  minPosition?: string | null | undefined;
}>;


export type WorkloadsQuery = { workloads: { totalCount: number, nodes: Array<{ id: string, namespace: string, kind: WorkloadKind, name: string, state: WorkloadState, stateSince: string | null, rank: number, desiredReplicas: number | null, readyReplicas: number | null, restarts: number | null, cpuRequestMillicores: number | null, memoryRequestBytes: number | null, images: Array<string>, createdAt: string, version: string, cluster: { id: string, name: string, environment: Environment }, summary: { text: string } | null, cause: { since: string | null, message: { text: string } } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type WorkloadChangedSubscriptionVariables = Exact<{
  filter?: WorkloadFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type WorkloadChangedSubscription = { workloadChanged: { position: string, kind: ChangeKind, workloadId: string, workload: { id: string, namespace: string, kind: WorkloadKind, name: string, state: WorkloadState, stateSince: string | null, rank: number, desiredReplicas: number | null, readyReplicas: number | null, restarts: number | null, cpuRequestMillicores: number | null, memoryRequestBytes: number | null, images: Array<string>, createdAt: string, version: string, cluster: { id: string, name: string, environment: Environment }, summary: { text: string } | null, cause: { since: string | null, message: { text: string } } | null } | null } };

export type WorkloadDetailFragment = { labels: unknown, manifest: unknown, updatedReplicas: number | null, availableReplicas: number | null, active: number | null, succeeded: number | null, failed: number | null, id: string, namespace: string, kind: WorkloadKind, name: string, state: WorkloadState, stateSince: string | null, rank: number, desiredReplicas: number | null, readyReplicas: number | null, restarts: number | null, cpuRequestMillicores: number | null, memoryRequestBytes: number | null, images: Array<string>, createdAt: string, version: string, cause: { since: string | null, message: { text: string, code: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, owner: { id: string, kind: WorkloadKind, name: string } | null, schedule: { expression: string, timeZone: string | null, lastRunAt: string | null } | null, conditions: Array<{ type: string, status: ConditionStatus, reason: string | null, message: string, since: string | null }>, availableActions: Array<{ action: string, verb: string, hasParameters: boolean, label: string, effect: string, supported: boolean, allowed: boolean, reason: { text: string } | null, caution: { code: string, text: string } | null }>, cluster: { id: string, name: string, environment: Environment }, summary: { text: string } | null };

export type WorkloadQueryVariables = Exact<{
  id: string;
  minPosition?: string | null | undefined;
}>;


export type WorkloadQuery = { workload: { labels: unknown, manifest: unknown, updatedReplicas: number | null, availableReplicas: number | null, active: number | null, succeeded: number | null, failed: number | null, id: string, namespace: string, kind: WorkloadKind, name: string, state: WorkloadState, stateSince: string | null, rank: number, desiredReplicas: number | null, readyReplicas: number | null, restarts: number | null, cpuRequestMillicores: number | null, memoryRequestBytes: number | null, images: Array<string>, createdAt: string, version: string, cause: { since: string | null, message: { text: string, code: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, owner: { id: string, kind: WorkloadKind, name: string } | null, schedule: { expression: string, timeZone: string | null, lastRunAt: string | null } | null, conditions: Array<{ type: string, status: ConditionStatus, reason: string | null, message: string, since: string | null }>, availableActions: Array<{ action: string, verb: string, hasParameters: boolean, label: string, effect: string, supported: boolean, allowed: boolean, reason: { text: string } | null, caution: { code: string, text: string } | null }>, cluster: { id: string, name: string, environment: Environment }, summary: { text: string } | null } | null };

export type DeletionQueryVariables = Exact<{
  workload: string;
}>;


export type DeletionQuery = { auditEvents: { nodes: Array<{ position: string, recordedAt: string }> }, operations: { nodes: Array<{ id: string, kind: string, state: OperationState, reason: string | null, requestedPosition: string, finishedAt: string | null, actor: { displayName: string } | null }> } };

export type WorkloadDetailChangedSubscriptionVariables = Exact<{
  filter?: WorkloadFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type WorkloadDetailChangedSubscription = { workloadChanged: { position: string, kind: ChangeKind, workloadId: string, workload: { labels: unknown, manifest: unknown, updatedReplicas: number | null, availableReplicas: number | null, active: number | null, succeeded: number | null, failed: number | null, id: string, namespace: string, kind: WorkloadKind, name: string, state: WorkloadState, stateSince: string | null, rank: number, desiredReplicas: number | null, readyReplicas: number | null, restarts: number | null, cpuRequestMillicores: number | null, memoryRequestBytes: number | null, images: Array<string>, createdAt: string, version: string, cause: { since: string | null, message: { text: string, code: string, arguments: unknown }, evidence: Array<{ kind: EvidenceKind, at: string | null, objectId: string | null, container: string | null, message: { text: string, arguments: unknown } }> } | null, owner: { id: string, kind: WorkloadKind, name: string } | null, schedule: { expression: string, timeZone: string | null, lastRunAt: string | null } | null, conditions: Array<{ type: string, status: ConditionStatus, reason: string | null, message: string, since: string | null }>, availableActions: Array<{ action: string, verb: string, hasParameters: boolean, label: string, effect: string, supported: boolean, allowed: boolean, reason: { text: string } | null, caution: { code: string, text: string } | null }>, cluster: { id: string, name: string, environment: Environment }, summary: { text: string } | null } | null } };

export type CreateWorkloadMutationVariables = Exact<{
  input: CreateWorkloadInput;
}>;


export type CreateWorkloadMutation = { createWorkload:
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { kind: string, namespace: string | null, name: string, cluster: { id: string } } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type PreviewWorkloadQueryVariables = Exact<{
  input: CreateWorkloadInput;
}>;


export type PreviewWorkloadQuery = { workloadPreview:
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
    | { __typename: 'WorkloadNotChecked', message: string }
    | { __typename: 'WorkloadPreview', removed: Array<string>, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }> }
   };

export type ScaleWorkloadMutationVariables = Exact<{
  input: ScaleWorkloadInput;
}>;


export type ScaleWorkloadMutation = { scaleWorkload:
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { name: string } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type RestartWorkloadMutationVariables = Exact<{
  input: WorkloadInput;
}>;


export type RestartWorkloadMutation = { restartWorkload:
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { name: string } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type StopWorkloadMutationVariables = Exact<{
  input: WorkloadInput;
}>;


export type StopWorkloadMutation = { stopWorkload:
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { name: string } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type StartWorkloadMutationVariables = Exact<{
  input: WorkloadInput;
}>;


export type StartWorkloadMutation = { startWorkload:
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { name: string } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type DeleteWorkloadMutationVariables = Exact<{
  input: WorkloadInput;
}>;


export type DeleteWorkloadMutation = { deleteWorkload:
    | { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { name: string } } }
    | { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null }
   };

export type JustBeforeQueryVariables = Exact<{
  workload: string;
}>;


export type JustBeforeQuery = { workload: { latestChange: { at: string, objectId: string, isDeletion: boolean, operation: { id: string, kind: string, state: OperationState, reason: string | null, actor: { displayName: string } | null } | null, revision: { managers: Array<string>, changes: Array<{ path: string, before: unknown, after: unknown, important: boolean }> } | null } | null } | null };

export type WorkloadMetricsSampledSubscriptionVariables = Exact<{
  filter?: WorkloadFilter | null | undefined;
}>;


export type WorkloadMetricsSampledSubscription = { workloadMetricsSampled: { clusterId: string, available: boolean, message: string | null, workloads: Array<{ workloadId: string, cpuMillicores: number, memoryBytes: number, cpuRequestMillicores: number | null, memoryRequestBytes: number | null }> } };

export type PositionQueryVariables = Exact<{ [key: string]: never; }>;


export type PositionQuery = { server: { projectedPosition: string } };

export type AcceptedOperationFragment = { position: string, removed: Array<string>, operation: { id: string, target: { name: string } } };

export type AcceptedBatchFragment = { position: string, batch: { id: string, total: number } };

export type RefusalFragment = { code: RefusalCode, message: string, field: string | null, currentVersion: string | null };

type CommandOutcome_OperationAccepted_Fragment = { __typename: 'OperationAccepted', position: string, removed: Array<string>, operation: { id: string, target: { name: string } } };

type CommandOutcome_OperationRefused_Fragment = { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null };

export type CommandOutcomeFragment =
  | CommandOutcome_OperationAccepted_Fragment
  | CommandOutcome_OperationRefused_Fragment
;

type BatchOutcome_BatchAccepted_Fragment = { __typename: 'BatchAccepted', position: string, batch: { id: string, total: number } };

type BatchOutcome_OperationRefused_Fragment = { __typename: 'OperationRefused', code: RefusalCode, message: string, field: string | null, currentVersion: string | null };

export type BatchOutcomeFragment =
  | BatchOutcome_BatchAccepted_Fragment
  | BatchOutcome_OperationRefused_Fragment
;

type LoginOutcome_LoginRefused_Fragment = { __typename: 'LoginRefused', code: LoginRefusal, message: string };

type LoginOutcome_Session_Fragment = { __typename: 'Session', accessToken: string, expiresAt: string, viewer: { id: string, username: string, displayName: string } };

export type LoginOutcomeFragment =
  | LoginOutcome_LoginRefused_Fragment
  | LoginOutcome_Session_Fragment
;

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { login:
    | { __typename: 'LoginRefused', code: LoginRefusal, message: string }
    | { __typename: 'Session', accessToken: string, expiresAt: string, viewer: { id: string, username: string, displayName: string } }
   };

export type RefreshSessionMutationVariables = Exact<{ [key: string]: never; }>;


export type RefreshSessionMutation = { refreshSession:
    | { __typename: 'LoginRefused', code: LoginRefusal, message: string }
    | { __typename: 'Session', accessToken: string, expiresAt: string, viewer: { id: string, username: string, displayName: string } }
   };

export type LogoutMutationVariables = Exact<{ [key: string]: never; }>;


export type LogoutMutation = { logout: boolean };

export type PreferencesQueryVariables = Exact<{ [key: string]: never; }>;


export type PreferencesQuery = { preferences: Array<{ key: string, value: unknown }> };

export type SetPreferenceMutationVariables = Exact<{
  input: SetPreferenceInput;
}>;


export type SetPreferenceMutation = { setPreference: { key: string } };

export type BehindQueryVariables = Exact<{ [key: string]: never; }>;


export type BehindQuery = { server: { behind: Array<{ list: string, position: string }> } };

export type PlaceCountsQueryVariables = Exact<{ [key: string]: never; }>;


export type PlaceCountsQuery = { overview: { problems: { hasMore: boolean, nodes: Array<{ key: string }> }, workloads: Array<{ count: number }>, pods: Array<{ count: number }>, operations: Array<{ state: OperationState, count: number }> } };

export type FindQueryVariables = Exact<{
  search: string;
  first: number;
  kinds?: Array<string> | string | null | undefined;
  hasKinds: boolean;
}>;


export type FindQuery = { workloads: { nodes: Array<{ id: string, namespace: string, kind: WorkloadKind, name: string, state: WorkloadState, cluster: { name: string } }>, pageInfo: { hasNextPage: boolean } }, pods: { nodes: Array<{ id: string, namespace: string, name: string, phase: string, ready: boolean, reason: string | null, cluster: { name: string }, cause: { since: string | null } | null }>, pageInfo: { hasNextPage: boolean } }, objects?: { nodes: Array<{ id: string, namespace: string | null, name: string, state: ObjectState }>, pageInfo: { hasNextPage: boolean } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const AuditFactsFragmentDoc = new TypedDocumentString(`
    fragment AuditFacts on AuditEvent {
  position
  id
  type
  recordedAt
  actor {
    id
    displayName
  }
  component
  operation {
    id
    kind
    state
    supersededBy
    target {
      cluster {
        id
        name
      }
      namespace
      kind
      name
      workload {
        id
      }
    }
  }
  cluster
  namespace
  objectId
  summary
  reason
}
    `, {"fragmentName":"AuditFacts"}) as unknown as TypedDocumentString<AuditFactsFragment, unknown>;
export const AuditRowFragmentDoc = new TypedDocumentString(`
    fragment AuditRow on AuditEvent {
  ...AuditFacts
  payload
  changes {
    path
    before
    after
    important
  }
}
    fragment AuditFacts on AuditEvent {
  position
  id
  type
  recordedAt
  actor {
    id
    displayName
  }
  component
  operation {
    id
    kind
    state
    supersededBy
    target {
      cluster {
        id
        name
      }
      namespace
      kind
      name
      workload {
        id
      }
    }
  }
  cluster
  namespace
  objectId
  summary
  reason
}`, {"fragmentName":"AuditRow"}) as unknown as TypedDocumentString<AuditRowFragment, unknown>;
export const BatchFieldsFragmentDoc = new TypedDocumentString(`
    fragment BatchFields on Batch {
  id
  kind
  state
  total
  queued
  running
  succeeded
  failed
  cancelled
  unknown
  skipped
  actor {
    id
    displayName
  }
  reason
  requestedAt
  finishedAt
}
    `, {"fragmentName":"BatchFields"}) as unknown as TypedDocumentString<BatchFieldsFragment, unknown>;
export const ConflictFieldsFragmentDoc = new TypedDocumentString(`
    fragment ConflictFields on FieldConflict {
  path
  manager
  base
  live
  yours
}
    `, {"fragmentName":"ConflictFields"}) as unknown as TypedDocumentString<ConflictFieldsFragment, unknown>;
export const PreviewFieldsFragmentDoc = new TypedDocumentString(`
    fragment PreviewFields on ObjectPreview {
  id
  change
  live
  result
  diff {
    path
    before
    after
    important
  }
  conflicts {
    ...ConflictFields
  }
  warnings
  managedBy
  error {
    code
    message
    retryable
  }
  line
}
    fragment ConflictFields on FieldConflict {
  path
  manager
  base
  live
  yours
}`, {"fragmentName":"PreviewFields"}) as unknown as TypedDocumentString<PreviewFieldsFragment, unknown>;
export const EventRowFragmentDoc = new TypedDocumentString(`
    fragment EventRow on KubernetesEvent {
  id
  type
  reason
  message
  count
  lastSeen
  source
  objectId
  container
}
    `, {"fragmentName":"EventRow"}) as unknown as TypedDocumentString<EventRowFragment, unknown>;
export const ClusterFieldsFragmentDoc = new TypedDocumentString(`
    fragment ClusterFields on Cluster {
  id
  name
  environment
  version
  versionSupport
  switchedOff {
    text
  }
  namespaces
  state
  reason
  recordedSince
  unreadable {
    kind
    message
  }
}
    `, {"fragmentName":"ClusterFields"}) as unknown as TypedDocumentString<ClusterFieldsFragment, unknown>;
export const ClusterOutcomeFragmentDoc = new TypedDocumentString(`
    fragment ClusterOutcome on ClusterResult {
  __typename
  ... on ClusterAccepted {
    position
    cluster {
      ...ClusterFields
    }
  }
  ... on OperationRefused {
    code
    message
    field
    currentVersion
  }
}
    fragment ClusterFields on Cluster {
  id
  name
  environment
  version
  versionSupport
  switchedOff {
    text
  }
  namespaces
  state
  reason
  recordedSince
  unreadable {
    kind
    message
  }
}`, {"fragmentName":"ClusterOutcome"}) as unknown as TypedDocumentString<ClusterOutcomeFragment, unknown>;
export const RevisionFieldsFragmentDoc = new TypedDocumentString(`
    fragment RevisionFields on ObjectRevision {
  position
  recordedAt
  recordedAnew
  managers
  operation {
    id
    kind
    actor {
      displayName
    }
  }
  changes {
    path
    before
    after
    important
  }
}
    `, {"fragmentName":"RevisionFields"}) as unknown as TypedDocumentString<RevisionFieldsFragment, unknown>;
export const KindNamesFragmentDoc = new TypedDocumentString(`
    fragment KindNames on ResourceKind {
  id
  kind
  plural
  group
  namespaced
  recorded
  optional
  custom
  shortNames
}
    `, {"fragmentName":"KindNames"}) as unknown as TypedDocumentString<KindNamesFragment, unknown>;
export const KindFieldsFragmentDoc = new TypedDocumentString(`
    fragment KindFields on ResourceKind {
  ...KindNames
  count
  problems
}
    fragment KindNames on ResourceKind {
  id
  kind
  plural
  group
  namespaced
  recorded
  optional
  custom
  shortNames
}`, {"fragmentName":"KindFields"}) as unknown as TypedDocumentString<KindFieldsFragment, unknown>;
export const KindOutcomeFragmentDoc = new TypedDocumentString(`
    fragment KindOutcome on KindResult {
  __typename
  ... on KindAccepted {
    position
    kind {
      ...KindNames
    }
  }
  ... on OperationRefused {
    code
    message
    field
    currentVersion
  }
}
    fragment KindNames on ResourceKind {
  id
  kind
  plural
  group
  namespaced
  recorded
  optional
  custom
  shortNames
}`, {"fragmentName":"KindOutcome"}) as unknown as TypedDocumentString<KindOutcomeFragment, unknown>;
export const ObjectRowFragmentDoc = new TypedDocumentString(`
    fragment ObjectRow on KubernetesObject {
  id
  namespace
  name
  state
  rank
  cause {
    message {
      text
    }
    since
  }
  columns
  createdAt
}
    `, {"fragmentName":"ObjectRow"}) as unknown as TypedDocumentString<ObjectRowFragment, unknown>;
export const CauseFieldsFragmentDoc = new TypedDocumentString(`
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
    `, {"fragmentName":"CauseFields"}) as unknown as TypedDocumentString<CauseFieldsFragment, unknown>;
export const OfferFieldsFragmentDoc = new TypedDocumentString(`
    fragment OfferFields on AvailableAction {
  action
  supported
  allowed
  reason {
    text
  }
}
    `, {"fragmentName":"OfferFields"}) as unknown as TypedDocumentString<OfferFieldsFragment, unknown>;
export const ObjectDetailFragmentDoc = new TypedDocumentString(`
    fragment ObjectDetail on KubernetesObject {
  ...ObjectRow
  cluster {
    id
    name
    environment
  }
  kind {
    id
    kind
    group
    version
    recorded
  }
  uid
  stateSince
  labels
  version
  cause {
    ...CauseFields
  }
  operations(first: 1) {
    totalCount
  }
  availableActions {
    ...OfferFields
    caution {
      code
      text
    }
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment OfferFields on AvailableAction {
  action
  supported
  allowed
  reason {
    text
  }
}
fragment ObjectRow on KubernetesObject {
  id
  namespace
  name
  state
  rank
  cause {
    message {
      text
    }
    since
  }
  columns
  createdAt
}`, {"fragmentName":"ObjectDetail"}) as unknown as TypedDocumentString<ObjectDetailFragment, unknown>;
export const OperationFieldsFragmentDoc = new TypedDocumentString(`
    fragment OperationFields on Operation {
  id
  kind
  state
  progress
  stage
  cause {
    ...CauseFields
  }
  overtakenBy
  supersededBy
  stages {
    name
    state
    startedAt
    finishedAt
    message
  }
  target {
    cluster {
      id
      name
      environment
    }
    namespace
    kind
    name
    workload {
      id
    }
  }
  actor {
    id
    displayName
  }
  reason
  requestedAt
  startedAt
  finishedAt
  attempts
  error {
    code
    message
    retryable
  }
  canCancel
  canRetry
  requestedPosition
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}`, {"fragmentName":"OperationFields"}) as unknown as TypedDocumentString<OperationFieldsFragment, unknown>;
export const OperationDetailFragmentDoc = new TypedDocumentString(`
    fragment OperationDetail on Operation {
  ...OperationFields
  deadline
  waitsFor {
    text
  }
  batch {
    id
    total
  }
  error {
    conflicts {
      ...ConflictFields
    }
  }
  stages {
    calls {
      kind
      objectId
      at
      outcome
      message
    }
    callCount
    apiCalls {
      verb
      path
      at
      tookMs
      status
      auditId
    }
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment OperationFields on Operation {
  id
  kind
  state
  progress
  stage
  cause {
    ...CauseFields
  }
  overtakenBy
  supersededBy
  stages {
    name
    state
    startedAt
    finishedAt
    message
  }
  target {
    cluster {
      id
      name
      environment
    }
    namespace
    kind
    name
    workload {
      id
    }
  }
  actor {
    id
    displayName
  }
  reason
  requestedAt
  startedAt
  finishedAt
  attempts
  error {
    code
    message
    retryable
  }
  canCancel
  canRetry
  requestedPosition
}
fragment ConflictFields on FieldConflict {
  path
  manager
  base
  live
  yours
}`, {"fragmentName":"OperationDetail"}) as unknown as TypedDocumentString<OperationDetailFragment, unknown>;
export const ChangeFieldsFragmentDoc = new TypedDocumentString(`
    fragment ChangeFields on RecordedChange {
  at
  objectId
  isDeletion
  operation {
    id
    kind
    state
    reason
    actor {
      displayName
    }
  }
  revision {
    managers
    changes {
      path
      before
      after
      important
    }
  }
}
    `, {"fragmentName":"ChangeFields"}) as unknown as TypedDocumentString<ChangeFieldsFragment, unknown>;
export const ProblemFieldsFragmentDoc = new TypedDocumentString(`
    fragment ProblemFields on Problem {
  key
  cause {
    ...CauseFields
  }
  subject {
    kind
    name
    namespace
  }
  since
  victimCount
  states {
    state
    count
  }
  victims {
    objectId
    kind
    namespace
    name
    state
  }
  latestChange {
    ...ChangeFields
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment ChangeFields on RecordedChange {
  at
  objectId
  isDeletion
  operation {
    id
    kind
    state
    reason
    actor {
      displayName
    }
  }
  revision {
    managers
    changes {
      path
      before
      after
      important
    }
  }
}`, {"fragmentName":"ProblemFields"}) as unknown as TypedDocumentString<ProblemFieldsFragment, unknown>;
export const PodRowFragmentDoc = new TypedDocumentString(`
    fragment PodRow on Pod {
  id
  cluster {
    id
    name
  }
  namespace
  name
  phase
  ready
  restarts
  rank
  reason
  cause {
    message {
      text
    }
    since
  }
  node
  workload {
    id
    name
  }
  createdAt
  containers {
    name
    image
    ready
    restarts
    state
    reason
    role
    termination {
      reason
      exitCode
      signal
      startedAt
      finishedAt
    }
    cpuRequestMillicores
    cpuLimitMillicores
    memoryRequestBytes
    memoryLimitBytes
  }
  cpuRequestMillicores
  cpuLimitMillicores
  memoryRequestBytes
  memoryLimitBytes
  labels
}
    `, {"fragmentName":"PodRow"}) as unknown as TypedDocumentString<PodRowFragment, unknown>;
export const PodDetailFragmentDoc = new TypedDocumentString(`
    fragment PodDetail on Pod {
  ...PodRow
  cause {
    ...CauseFields
  }
  workload {
    id
    kind
    name
  }
  conditions {
    type
    status
    reason
    message
    since
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment PodRow on Pod {
  id
  cluster {
    id
    name
  }
  namespace
  name
  phase
  ready
  restarts
  rank
  reason
  cause {
    message {
      text
    }
    since
  }
  node
  workload {
    id
    name
  }
  createdAt
  containers {
    name
    image
    ready
    restarts
    state
    reason
    role
    termination {
      reason
      exitCode
      signal
      startedAt
      finishedAt
    }
    cpuRequestMillicores
    cpuLimitMillicores
    memoryRequestBytes
    memoryLimitBytes
  }
  cpuRequestMillicores
  cpuLimitMillicores
  memoryRequestBytes
  memoryLimitBytes
  labels
}`, {"fragmentName":"PodDetail"}) as unknown as TypedDocumentString<PodDetailFragment, unknown>;
export const WorkloadRowFragmentDoc = new TypedDocumentString(`
    fragment WorkloadRow on Workload {
  id
  cluster {
    id
    name
    environment
  }
  namespace
  kind
  name
  state
  stateSince
  rank
  summary {
    text
  }
  cause {
    message {
      text
    }
    since
  }
  desiredReplicas
  readyReplicas
  restarts
  cpuRequestMillicores
  memoryRequestBytes
  images
  createdAt
  version
}
    `, {"fragmentName":"WorkloadRow"}) as unknown as TypedDocumentString<WorkloadRowFragment, unknown>;
export const WorkloadDetailFragmentDoc = new TypedDocumentString(`
    fragment WorkloadDetail on Workload {
  ...WorkloadRow
  labels
  manifest
  cause {
    ...CauseFields
  }
  updatedReplicas
  availableReplicas
  active
  succeeded
  failed
  owner {
    id
    kind
    name
  }
  schedule {
    expression
    timeZone
    lastRunAt
  }
  conditions {
    type
    status
    reason
    message
    since
  }
  availableActions {
    action
    verb
    hasParameters
    label
    effect
    supported
    allowed
    reason {
      text
    }
    caution {
      code
      text
    }
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment WorkloadRow on Workload {
  id
  cluster {
    id
    name
    environment
  }
  namespace
  kind
  name
  state
  stateSince
  rank
  summary {
    text
  }
  cause {
    message {
      text
    }
    since
  }
  desiredReplicas
  readyReplicas
  restarts
  cpuRequestMillicores
  memoryRequestBytes
  images
  createdAt
  version
}`, {"fragmentName":"WorkloadDetail"}) as unknown as TypedDocumentString<WorkloadDetailFragment, unknown>;
export const AcceptedOperationFragmentDoc = new TypedDocumentString(`
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
    `, {"fragmentName":"AcceptedOperation"}) as unknown as TypedDocumentString<AcceptedOperationFragment, unknown>;
export const RefusalFragmentDoc = new TypedDocumentString(`
    fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
    `, {"fragmentName":"Refusal"}) as unknown as TypedDocumentString<RefusalFragment, unknown>;
export const CommandOutcomeFragmentDoc = new TypedDocumentString(`
    fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}`, {"fragmentName":"CommandOutcome"}) as unknown as TypedDocumentString<CommandOutcomeFragment, unknown>;
export const AcceptedBatchFragmentDoc = new TypedDocumentString(`
    fragment AcceptedBatch on BatchAccepted {
  position
  batch {
    id
    total
  }
}
    `, {"fragmentName":"AcceptedBatch"}) as unknown as TypedDocumentString<AcceptedBatchFragment, unknown>;
export const BatchOutcomeFragmentDoc = new TypedDocumentString(`
    fragment BatchOutcome on BatchResult {
  __typename
  ...AcceptedBatch
  ...Refusal
}
    fragment AcceptedBatch on BatchAccepted {
  position
  batch {
    id
    total
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}`, {"fragmentName":"BatchOutcome"}) as unknown as TypedDocumentString<BatchOutcomeFragment, unknown>;
export const LoginOutcomeFragmentDoc = new TypedDocumentString(`
    fragment LoginOutcome on LoginResult {
  __typename
  ... on Session {
    accessToken
    expiresAt
    viewer {
      id
      username
      displayName
    }
  }
  ... on LoginRefused {
    code
    message
  }
}
    `, {"fragmentName":"LoginOutcome"}) as unknown as TypedDocumentString<LoginOutcomeFragment, unknown>;
export const AuditEventsDocument = new TypedDocumentString(`
    query AuditEvents($filter: AuditFilter, $first: Int, $after: String) {
  auditEvents(filter: $filter, first: $first, after: $after) {
    nodes {
      ...AuditRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment AuditFacts on AuditEvent {
  position
  id
  type
  recordedAt
  actor {
    id
    displayName
  }
  component
  operation {
    id
    kind
    state
    supersededBy
    target {
      cluster {
        id
        name
      }
      namespace
      kind
      name
      workload {
        id
      }
    }
  }
  cluster
  namespace
  objectId
  summary
  reason
}
fragment AuditRow on AuditEvent {
  ...AuditFacts
  payload
  changes {
    path
    before
    after
    important
  }
}`) as unknown as TypedDocumentString<AuditEventsQuery, AuditEventsQueryVariables>;
export const AuditCsvDocument = new TypedDocumentString(`
    query AuditCsv($filter: AuditFilter, $first: Int, $after: String) {
  auditEvents(filter: $filter, first: $first, after: $after) {
    nodes {
      ...AuditFacts
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment AuditFacts on AuditEvent {
  position
  id
  type
  recordedAt
  actor {
    id
    displayName
  }
  component
  operation {
    id
    kind
    state
    supersededBy
    target {
      cluster {
        id
        name
      }
      namespace
      kind
      name
      workload {
        id
      }
    }
  }
  cluster
  namespace
  objectId
  summary
  reason
}`) as unknown as TypedDocumentString<AuditCsvQuery, AuditCsvQueryVariables>;
export const EventProofDocument = new TypedDocumentString(`
    query EventProof($position: Position!) {
  auditEvent(position: $position) {
    proof {
      treeSize
      contentHash
      path
      rootHash
      text
    }
  }
}
    `) as unknown as TypedDocumentString<EventProofQuery, EventProofQueryVariables>;
export const AuditEventRecordedDocument = new TypedDocumentString(`
    subscription AuditEventRecorded($filter: AuditFilter, $after: Position) {
  auditEventRecorded(filter: $filter, after: $after) {
    ...AuditRow
  }
}
    fragment AuditFacts on AuditEvent {
  position
  id
  type
  recordedAt
  actor {
    id
    displayName
  }
  component
  operation {
    id
    kind
    state
    supersededBy
    target {
      cluster {
        id
        name
      }
      namespace
      kind
      name
      workload {
        id
      }
    }
  }
  cluster
  namespace
  objectId
  summary
  reason
}
fragment AuditRow on AuditEvent {
  ...AuditFacts
  payload
  changes {
    path
    before
    after
    important
  }
}`) as unknown as TypedDocumentString<AuditEventRecordedSubscription, AuditEventRecordedSubscriptionVariables>;
export const BatchesDocument = new TypedDocumentString(`
    query Batches($first: Int, $after: String) {
  batches(first: $first, after: $after) {
    nodes {
      ...BatchFields
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment BatchFields on Batch {
  id
  kind
  state
  total
  queued
  running
  succeeded
  failed
  cancelled
  unknown
  skipped
  actor {
    id
    displayName
  }
  reason
  requestedAt
  finishedAt
}`) as unknown as TypedDocumentString<BatchesQuery, BatchesQueryVariables>;
export const BatchDocument = new TypedDocumentString(`
    query Batch($id: ID!) {
  batch(id: $id) {
    ...BatchFields
  }
}
    fragment BatchFields on Batch {
  id
  kind
  state
  total
  queued
  running
  succeeded
  failed
  cancelled
  unknown
  skipped
  actor {
    id
    displayName
  }
  reason
  requestedAt
  finishedAt
}`) as unknown as TypedDocumentString<BatchQuery, BatchQueryVariables>;
export const BatchMembersDocument = new TypedDocumentString(`
    query BatchMembers($id: ID!, $states: [OperationState!], $first: Int, $after: String) {
  batch(id: $id) {
    operations(states: $states, first: $first, after: $after) {
      nodes {
        ...OperationFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment OperationFields on Operation {
  id
  kind
  state
  progress
  stage
  cause {
    ...CauseFields
  }
  overtakenBy
  supersededBy
  stages {
    name
    state
    startedAt
    finishedAt
    message
  }
  target {
    cluster {
      id
      name
      environment
    }
    namespace
    kind
    name
    workload {
      id
    }
  }
  actor {
    id
    displayName
  }
  reason
  requestedAt
  startedAt
  finishedAt
  attempts
  error {
    code
    message
    retryable
  }
  canCancel
  canRetry
  requestedPosition
}`) as unknown as TypedDocumentString<BatchMembersQuery, BatchMembersQueryVariables>;
export const BatchChangedDocument = new TypedDocumentString(`
    subscription BatchChanged($id: ID!, $after: Position) {
  batchChanged(id: $id, after: $after) {
    position
    batch {
      ...BatchFields
    }
  }
}
    fragment BatchFields on Batch {
  id
  kind
  state
  total
  queued
  running
  succeeded
  failed
  cancelled
  unknown
  skipped
  actor {
    id
    displayName
  }
  reason
  requestedAt
  finishedAt
}`) as unknown as TypedDocumentString<BatchChangedSubscription, BatchChangedSubscriptionVariables>;
export const CancelBatchDocument = new TypedDocumentString(`
    mutation CancelBatch($input: BatchInput!) {
  cancelBatch(input: $input) {
    ...BatchOutcome
  }
}
    fragment AcceptedBatch on BatchAccepted {
  position
  batch {
    id
    total
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment BatchOutcome on BatchResult {
  __typename
  ...AcceptedBatch
  ...Refusal
}`) as unknown as TypedDocumentString<CancelBatchMutation, CancelBatchMutationVariables>;
export const RetryBatchDocument = new TypedDocumentString(`
    mutation RetryBatch($input: BatchInput!) {
  retryBatch(input: $input) {
    ...BatchOutcome
  }
}
    fragment AcceptedBatch on BatchAccepted {
  position
  batch {
    id
    total
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment BatchOutcome on BatchResult {
  __typename
  ...AcceptedBatch
  ...Refusal
}`) as unknown as TypedDocumentString<RetryBatchMutation, RetryBatchMutationVariables>;
export const ClustersDocument = new TypedDocumentString(`
    query Clusters($first: Int!, $after: String) {
  clusters(first: $first, after: $after) {
    nodes {
      ...ClusterFields
    }
    pageInfo {
      endCursor
    }
  }
}
    fragment ClusterFields on Cluster {
  id
  name
  environment
  version
  versionSupport
  switchedOff {
    text
  }
  namespaces
  state
  reason
  recordedSince
  unreadable {
    kind
    message
  }
}`) as unknown as TypedDocumentString<ClustersQuery, ClustersQueryVariables>;
export const NamespacesDocument = new TypedDocumentString(`
    query Namespaces($cluster: ID, $search: String) {
  namespaces(cluster: $cluster, search: $search, first: 200) {
    nodes {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<NamespacesQuery, NamespacesQueryVariables>;
export const NamespaceDocument = new TypedDocumentString(`
    query Namespace($id: ID!) {
  node(id: $id) {
    id
    ... on Namespace {
      phase
    }
  }
}
    `) as unknown as TypedDocumentString<NamespaceQuery, NamespaceQueryVariables>;
export const EditedObjectDocument = new TypedDocumentString(`
    query EditedObject($id: ID!) {
  object(id: $id) {
    id
    name
    namespace
    version
    manifest(format: YAML)
    cluster {
      id
      name
      environment
    }
    kind {
      id
      kind
      recorded
    }
    availableActions {
      ...OfferFields
    }
  }
}
    fragment OfferFields on AvailableAction {
  action
  supported
  allowed
  reason {
    text
  }
}`) as unknown as TypedDocumentString<EditedObjectQuery, EditedObjectQueryVariables>;
export const ObjectVersionDocument = new TypedDocumentString(`
    query ObjectVersion($id: ID!) {
  object(id: $id) {
    version
    cluster {
      id
      name
      environment
    }
  }
}
    `) as unknown as TypedDocumentString<ObjectVersionQuery, ObjectVersionQueryVariables>;
export const ObjectOffersDocument = new TypedDocumentString(`
    query ObjectOffers($id: ID!) {
  object(id: $id) {
    availableActions {
      ...OfferFields
    }
  }
}
    fragment OfferFields on AvailableAction {
  action
  supported
  allowed
  reason {
    text
  }
}`) as unknown as TypedDocumentString<ObjectOffersQuery, ObjectOffersQueryVariables>;
export const KindSchemaDocument = new TypedDocumentString(`
    query KindSchema($cluster: ID!, $kind: ID!) {
  kindSchema(cluster: $cluster, kind: $kind)
}
    `) as unknown as TypedDocumentString<KindSchemaQuery, KindSchemaQueryVariables>;
export const PreviewManifestsDocument = new TypedDocumentString(`
    query PreviewManifests($input: ApplyManifestsInput!) {
  manifestPreview(input: $input) {
    objects {
      ...PreviewFields
    }
  }
}
    fragment PreviewFields on ObjectPreview {
  id
  change
  live
  result
  diff {
    path
    before
    after
    important
  }
  conflicts {
    ...ConflictFields
  }
  warnings
  managedBy
  error {
    code
    message
    retryable
  }
  line
}
fragment ConflictFields on FieldConflict {
  path
  manager
  base
  live
  yours
}`) as unknown as TypedDocumentString<PreviewManifestsQuery, PreviewManifestsQueryVariables>;
export const ApplyManifestsDocument = new TypedDocumentString(`
    mutation ApplyManifests($input: ApplyManifestsInput!) {
  applyManifests(input: $input) {
    __typename
    ...AcceptedOperation
    ...AcceptedBatch
    ...Refusal
    ... on OperationAccepted {
      operation {
        id
        target {
          kind
          namespace
          cluster {
            id
          }
        }
      }
    }
    ... on OperationRefused {
      conflicts {
        ...ConflictFields
      }
    }
  }
}
    fragment ConflictFields on FieldConflict {
  path
  manager
  base
  live
  yours
}
fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment AcceptedBatch on BatchAccepted {
  position
  batch {
    id
    total
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}`) as unknown as TypedDocumentString<ApplyManifestsMutation, ApplyManifestsMutationVariables>;
export const RestoreObjectDocument = new TypedDocumentString(`
    mutation RestoreObject($input: RestoreObjectInput!) {
  restoreObject(input: $input) {
    ...CommandOutcome
  }
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}`) as unknown as TypedDocumentString<RestoreObjectMutation, RestoreObjectMutationVariables>;
export const EventsDocument = new TypedDocumentString(`
    query Events($filter: KubernetesEventFilter!, $first: Int, $after: String) {
  kubernetesEvents(filter: $filter, first: $first, after: $after) {
    nodes {
      ...EventRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment EventRow on KubernetesEvent {
  id
  type
  reason
  message
  count
  lastSeen
  source
  objectId
  container
}`) as unknown as TypedDocumentString<EventsQuery, EventsQueryVariables>;
export const ClusterCountsDocument = new TypedDocumentString(`
    query ClusterCounts($cluster: ID!, $trouble: [WorkloadState!]!) {
  workloads(filter: {cluster: $cluster}, first: 1) {
    totalCount
  }
  affected: workloads(filter: {cluster: $cluster, states: $trouble}, first: 1) {
    totalCount
  }
  pods(filter: {cluster: $cluster}, first: 1) {
    totalCount
  }
  nodes: objects(filter: {cluster: $cluster, kinds: ["Node"]}, first: 1) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<ClusterCountsQuery, ClusterCountsQueryVariables>;
export const ClusterCheckDocument = new TypedDocumentString(`
    query ClusterCheck($input: RegisterClusterInput!) {
  clusterCheck(input: $input) {
    ok
    steps {
      name
      state
      message {
        text
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ClusterCheckQuery, ClusterCheckQueryVariables>;
export const RegisterClusterDocument = new TypedDocumentString(`
    mutation RegisterCluster($input: RegisterClusterInput!) {
  registerCluster(input: $input) {
    ...ClusterOutcome
  }
}
    fragment ClusterFields on Cluster {
  id
  name
  environment
  version
  versionSupport
  switchedOff {
    text
  }
  namespaces
  state
  reason
  recordedSince
  unreadable {
    kind
    message
  }
}
fragment ClusterOutcome on ClusterResult {
  __typename
  ... on ClusterAccepted {
    position
    cluster {
      ...ClusterFields
    }
  }
  ... on OperationRefused {
    code
    message
    field
    currentVersion
  }
}`) as unknown as TypedDocumentString<RegisterClusterMutation, RegisterClusterMutationVariables>;
export const RemoveClusterDocument = new TypedDocumentString(`
    mutation RemoveCluster($input: ClusterInput!) {
  removeCluster(input: $input) {
    ...ClusterOutcome
  }
}
    fragment ClusterFields on Cluster {
  id
  name
  environment
  version
  versionSupport
  switchedOff {
    text
  }
  namespaces
  state
  reason
  recordedSince
  unreadable {
    kind
    message
  }
}
fragment ClusterOutcome on ClusterResult {
  __typename
  ... on ClusterAccepted {
    position
    cluster {
      ...ClusterFields
    }
  }
  ... on OperationRefused {
    code
    message
    field
    currentVersion
  }
}`) as unknown as TypedDocumentString<RemoveClusterMutation, RemoveClusterMutationVariables>;
export const RevisionsDocument = new TypedDocumentString(`
    query Revisions($id: ID!, $first: Int, $after: String) {
  object(id: $id) {
    revisions(first: $first, after: $after) {
      nodes {
        ...RevisionFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
}
    fragment RevisionFields on ObjectRevision {
  position
  recordedAt
  recordedAnew
  managers
  operation {
    id
    kind
    actor {
      displayName
    }
  }
  changes {
    path
    before
    after
    important
  }
}`) as unknown as TypedDocumentString<RevisionsQuery, RevisionsQueryVariables>;
export const EndDocument = new TypedDocumentString(`
    query End($id: ID!) {
  auditEvents(filter: {target: $id, types: ["PodGone", "ObjectGone"]}, first: 1) {
    nodes {
      recordedAt
    }
  }
}
    `) as unknown as TypedDocumentString<EndQuery, EndQueryVariables>;
export const KindsDocument = new TypedDocumentString(`
    query Kinds($cluster: ID!, $after: String) {
  kinds(cluster: $cluster, first: 500, after: $after) {
    nodes {
      ...KindFields
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment KindNames on ResourceKind {
  id
  kind
  plural
  group
  namespaced
  recorded
  optional
  custom
  shortNames
}
fragment KindFields on ResourceKind {
  ...KindNames
  count
  problems
}`) as unknown as TypedDocumentString<KindsQuery, KindsQueryVariables>;
export const KindNamesDocument = new TypedDocumentString(`
    query KindNames($cluster: ID!, $after: String) {
  kinds(cluster: $cluster, first: 500, after: $after) {
    nodes {
      ...KindNames
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment KindNames on ResourceKind {
  id
  kind
  plural
  group
  namespaced
  recorded
  optional
  custom
  shortNames
}`) as unknown as TypedDocumentString<KindNamesQuery, KindNamesQueryVariables>;
export const RecordKindDocument = new TypedDocumentString(`
    mutation RecordKind($input: KindInput!) {
  recordKind(input: $input) {
    ...KindOutcome
  }
}
    fragment KindNames on ResourceKind {
  id
  kind
  plural
  group
  namespaced
  recorded
  optional
  custom
  shortNames
}
fragment KindOutcome on KindResult {
  __typename
  ... on KindAccepted {
    position
    kind {
      ...KindNames
    }
  }
  ... on OperationRefused {
    code
    message
    field
    currentVersion
  }
}`) as unknown as TypedDocumentString<RecordKindMutation, RecordKindMutationVariables>;
export const ReleaseKindDocument = new TypedDocumentString(`
    mutation ReleaseKind($input: KindInput!) {
  releaseKind(input: $input) {
    ...KindOutcome
  }
}
    fragment KindNames on ResourceKind {
  id
  kind
  plural
  group
  namespaced
  recorded
  optional
  custom
  shortNames
}
fragment KindOutcome on KindResult {
  __typename
  ... on KindAccepted {
    position
    kind {
      ...KindNames
    }
  }
  ... on OperationRefused {
    code
    message
    field
    currentVersion
  }
}`) as unknown as TypedDocumentString<ReleaseKindMutation, ReleaseKindMutationVariables>;
export const ObjectsDocument = new TypedDocumentString(`
    query Objects($filter: ObjectFilter, $orderBy: ObjectOrder, $first: Int, $after: String, $minPosition: Position) {
  objects(
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
    minPosition: $minPosition
  ) {
    nodes {
      ...ObjectRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment ObjectRow on KubernetesObject {
  id
  namespace
  name
  state
  rank
  cause {
    message {
      text
    }
    since
  }
  columns
  createdAt
}`) as unknown as TypedDocumentString<ObjectsQuery, ObjectsQueryVariables>;
export const ObjectChangedDocument = new TypedDocumentString(`
    subscription ObjectChanged($filter: ObjectFilter, $after: Position) {
  objectChanged(filter: $filter, after: $after) {
    position
    kind
    objectId
    object {
      ...ObjectRow
    }
  }
}
    fragment ObjectRow on KubernetesObject {
  id
  namespace
  name
  state
  rank
  cause {
    message {
      text
    }
    since
  }
  columns
  createdAt
}`) as unknown as TypedDocumentString<ObjectChangedSubscription, ObjectChangedSubscriptionVariables>;
export const PrintedColumnsDocument = new TypedDocumentString(`
    query PrintedColumns($filter: ObjectFilter!) {
  objects(filter: $filter, first: 1) {
    nodes {
      kind {
        columns
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PrintedColumnsQuery, PrintedColumnsQueryVariables>;
export const DeleteObjectDocument = new TypedDocumentString(`
    mutation DeleteObject($input: DeleteObjectInput!) {
  deleteObject(input: $input) {
    ...CommandOutcome
  }
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}`) as unknown as TypedDocumentString<DeleteObjectMutation, DeleteObjectMutationVariables>;
export const ObjectDocument = new TypedDocumentString(`
    query Object($id: ID!, $minPosition: Position) {
  object(id: $id, minPosition: $minPosition) {
    ...ObjectDetail
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment OfferFields on AvailableAction {
  action
  supported
  allowed
  reason {
    text
  }
}
fragment ObjectRow on KubernetesObject {
  id
  namespace
  name
  state
  rank
  cause {
    message {
      text
    }
    since
  }
  columns
  createdAt
}
fragment ObjectDetail on KubernetesObject {
  ...ObjectRow
  cluster {
    id
    name
    environment
  }
  kind {
    id
    kind
    group
    version
    recorded
  }
  uid
  stateSince
  labels
  version
  cause {
    ...CauseFields
  }
  operations(first: 1) {
    totalCount
  }
  availableActions {
    ...OfferFields
    caution {
      code
      text
    }
  }
}`) as unknown as TypedDocumentString<ObjectQuery, ObjectQueryVariables>;
export const ObjectDetailChangedDocument = new TypedDocumentString(`
    subscription ObjectDetailChanged($filter: ObjectFilter, $after: Position) {
  objectChanged(filter: $filter, after: $after) {
    position
    kind
    objectId
    object {
      ...ObjectDetail
    }
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment OfferFields on AvailableAction {
  action
  supported
  allowed
  reason {
    text
  }
}
fragment ObjectRow on KubernetesObject {
  id
  namespace
  name
  state
  rank
  cause {
    message {
      text
    }
    since
  }
  columns
  createdAt
}
fragment ObjectDetail on KubernetesObject {
  ...ObjectRow
  cluster {
    id
    name
    environment
  }
  kind {
    id
    kind
    group
    version
    recorded
  }
  uid
  stateSince
  labels
  version
  cause {
    ...CauseFields
  }
  operations(first: 1) {
    totalCount
  }
  availableActions {
    ...OfferFields
    caution {
      code
      text
    }
  }
}`) as unknown as TypedDocumentString<ObjectDetailChangedSubscription, ObjectDetailChangedSubscriptionVariables>;
export const ObjectManifestDocument = new TypedDocumentString(`
    query ObjectManifest($id: ID!, $format: ManifestFormat!) {
  object(id: $id) {
    manifest(format: $format)
  }
}
    `) as unknown as TypedDocumentString<ObjectManifestQuery, ObjectManifestQueryVariables>;
export const LastReportDocument = new TypedDocumentString(`
    query LastReport($id: ID!) {
  auditEvents(
    filter: {target: $id, types: ["ObjectObserved", "ObjectStatusObserved"]}
    first: 1
  ) {
    nodes {
      payload
    }
  }
}
    `) as unknown as TypedDocumentString<LastReportQuery, LastReportQueryVariables>;
export const RevisionManifestDocument = new TypedDocumentString(`
    query RevisionManifest($position: Position!) {
  auditEvent(position: $position) {
    payload
  }
}
    `) as unknown as TypedDocumentString<RevisionManifestQuery, RevisionManifestQueryVariables>;
export const RelatedDocument = new TypedDocumentString(`
    query Related($id: ID!, $first: Int) {
  object(id: $id) {
    missing {
      relation
      objectId
    }
    related(first: $first) {
      nodes {
        relation
        object {
          id
          state
          cause {
            message {
              text
            }
          }
        }
      }
      totalCount
    }
  }
}
    `) as unknown as TypedDocumentString<RelatedQuery, RelatedQueryVariables>;
export const OperationsDocument = new TypedDocumentString(`
    query Operations($filter: OperationFilter, $first: Int, $after: String, $counted: Boolean = false, $minPosition: Position) {
  operations(
    filter: $filter
    first: $first
    after: $after
    minPosition: $minPosition
  ) {
    nodes {
      ...OperationFields
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount @include(if: $counted)
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment OperationFields on Operation {
  id
  kind
  state
  progress
  stage
  cause {
    ...CauseFields
  }
  overtakenBy
  supersededBy
  stages {
    name
    state
    startedAt
    finishedAt
    message
  }
  target {
    cluster {
      id
      name
      environment
    }
    namespace
    kind
    name
    workload {
      id
    }
  }
  actor {
    id
    displayName
  }
  reason
  requestedAt
  startedAt
  finishedAt
  attempts
  error {
    code
    message
    retryable
  }
  canCancel
  canRetry
  requestedPosition
}`) as unknown as TypedDocumentString<OperationsQuery, OperationsQueryVariables>;
export const OperationDocument = new TypedDocumentString(`
    query Operation($id: ID!, $minPosition: Position) {
  operation(id: $id, minPosition: $minPosition) {
    ...OperationDetail
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment OperationFields on Operation {
  id
  kind
  state
  progress
  stage
  cause {
    ...CauseFields
  }
  overtakenBy
  supersededBy
  stages {
    name
    state
    startedAt
    finishedAt
    message
  }
  target {
    cluster {
      id
      name
      environment
    }
    namespace
    kind
    name
    workload {
      id
    }
  }
  actor {
    id
    displayName
  }
  reason
  requestedAt
  startedAt
  finishedAt
  attempts
  error {
    code
    message
    retryable
  }
  canCancel
  canRetry
  requestedPosition
}
fragment OperationDetail on Operation {
  ...OperationFields
  deadline
  waitsFor {
    text
  }
  batch {
    id
    total
  }
  error {
    conflicts {
      ...ConflictFields
    }
  }
  stages {
    calls {
      kind
      objectId
      at
      outcome
      message
    }
    callCount
    apiCalls {
      verb
      path
      at
      tookMs
      status
      auditId
    }
  }
}
fragment ConflictFields on FieldConflict {
  path
  manager
  base
  live
  yours
}`) as unknown as TypedDocumentString<OperationQuery, OperationQueryVariables>;
export const OneOperationChangedDocument = new TypedDocumentString(`
    subscription OneOperationChanged($id: ID, $after: Position) {
  operationChanged(id: $id, after: $after) {
    position
    operation {
      ...OperationDetail
    }
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment OperationFields on Operation {
  id
  kind
  state
  progress
  stage
  cause {
    ...CauseFields
  }
  overtakenBy
  supersededBy
  stages {
    name
    state
    startedAt
    finishedAt
    message
  }
  target {
    cluster {
      id
      name
      environment
    }
    namespace
    kind
    name
    workload {
      id
    }
  }
  actor {
    id
    displayName
  }
  reason
  requestedAt
  startedAt
  finishedAt
  attempts
  error {
    code
    message
    retryable
  }
  canCancel
  canRetry
  requestedPosition
}
fragment OperationDetail on Operation {
  ...OperationFields
  deadline
  waitsFor {
    text
  }
  batch {
    id
    total
  }
  error {
    conflicts {
      ...ConflictFields
    }
  }
  stages {
    calls {
      kind
      objectId
      at
      outcome
      message
    }
    callCount
    apiCalls {
      verb
      path
      at
      tookMs
      status
      auditId
    }
  }
}
fragment ConflictFields on FieldConflict {
  path
  manager
  base
  live
  yours
}`) as unknown as TypedDocumentString<OneOperationChangedSubscription, OneOperationChangedSubscriptionVariables>;
export const CancellationDocument = new TypedDocumentString(`
    query Cancellation($operation: ID!) {
  auditEvents(
    filter: {operation: $operation, types: ["OperationCancelRequested", "OperationCancelled"]}
    first: 2
  ) {
    nodes {
      actor {
        displayName
      }
      recordedAt
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<CancellationQuery, CancellationQueryVariables>;
export const RetryFactsDocument = new TypedDocumentString(`
    query RetryFacts($operation: ID!, $workload: ID!) {
  auditEvents(
    filter: {operation: $operation, types: ["OperationRequested"]}
    first: 1
  ) {
    nodes {
      payload
    }
  }
  workload(id: $workload) {
    state
    desiredReplicas
    images
  }
}
    `) as unknown as TypedDocumentString<RetryFactsQuery, RetryFactsQueryVariables>;
export const RequestedManifestDocument = new TypedDocumentString(`
    query RequestedManifest($operation: ID!) {
  auditEvents(
    filter: {operation: $operation, types: ["OperationRequested"]}
    first: 1
  ) {
    nodes {
      payload
      cluster
    }
  }
}
    `) as unknown as TypedDocumentString<RequestedManifestQuery, RequestedManifestQueryVariables>;
export const ChangesOfTargetDocument = new TypedDocumentString(`
    query ChangesOfTarget($workload: ID!) {
  workload(id: $workload) {
    revisions(first: 50) {
      nodes {
        position
        recordedAt
        managers
        operation {
          id
        }
        changes {
          path
          before
          after
          important
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ChangesOfTargetQuery, ChangesOfTargetQueryVariables>;
export const BeforeOperationDocument = new TypedDocumentString(`
    query BeforeOperation($target: ID!, $until: DateTime!) {
  operations(filter: {target: $target, until: $until}, first: 3) {
    nodes {
      id
      kind
      state
      reason
      requestedAt
      actor {
        displayName
      }
    }
  }
}
    `) as unknown as TypedDocumentString<BeforeOperationQuery, BeforeOperationQueryVariables>;
export const LastOperationDocument = new TypedDocumentString(`
    query LastOperation($target: ID!) {
  operations(filter: {target: $target}, first: 1) {
    nodes {
      kind
      requestedAt
      lastPosition
      actor {
        displayName
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LastOperationQuery, LastOperationQueryVariables>;
export const OperationChangedDocument = new TypedDocumentString(`
    subscription OperationChanged($cluster: ID, $after: Position) {
  operationChanged(cluster: $cluster, after: $after) {
    position
    operation {
      ...OperationFields
    }
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment OperationFields on Operation {
  id
  kind
  state
  progress
  stage
  cause {
    ...CauseFields
  }
  overtakenBy
  supersededBy
  stages {
    name
    state
    startedAt
    finishedAt
    message
  }
  target {
    cluster {
      id
      name
      environment
    }
    namespace
    kind
    name
    workload {
      id
    }
  }
  actor {
    id
    displayName
  }
  reason
  requestedAt
  startedAt
  finishedAt
  attempts
  error {
    code
    message
    retryable
  }
  canCancel
  canRetry
  requestedPosition
}`) as unknown as TypedDocumentString<OperationChangedSubscription, OperationChangedSubscriptionVariables>;
export const CancelOperationDocument = new TypedDocumentString(`
    mutation CancelOperation($input: OperationInput!) {
  cancelOperation(input: $input) {
    ...CommandOutcome
  }
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}`) as unknown as TypedDocumentString<CancelOperationMutation, CancelOperationMutationVariables>;
export const RetryOperationDocument = new TypedDocumentString(`
    mutation RetryOperation($input: OperationInput!) {
  retryOperation(input: $input) {
    ...CommandOutcome
  }
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}`) as unknown as TypedDocumentString<RetryOperationMutation, RetryOperationMutationVariables>;
export const OperationKindsDocument = new TypedDocumentString(`
    query OperationKinds {
  operationKinds {
    name
    label
  }
}
    `) as unknown as TypedDocumentString<OperationKindsQuery, OperationKindsQueryVariables>;
export const OverviewDocument = new TypedDocumentString(`
    query Overview {
  overview {
    problems {
      nodes {
        ...ProblemFields
      }
      hasMore
    }
    changes(first: 20) {
      ...ChangeFields
    }
    workloads {
      state
      count
    }
    pods {
      phase
      count
    }
    operations {
      state
      count
    }
    position
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment ChangeFields on RecordedChange {
  at
  objectId
  isDeletion
  operation {
    id
    kind
    state
    reason
    actor {
      displayName
    }
  }
  revision {
    managers
    changes {
      path
      before
      after
      important
    }
  }
}
fragment ProblemFields on Problem {
  key
  cause {
    ...CauseFields
  }
  subject {
    kind
    name
    namespace
  }
  since
  victimCount
  states {
    state
    count
  }
  victims {
    objectId
    kind
    namespace
    name
    state
  }
  latestChange {
    ...ChangeFields
  }
}`) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const OverviewWorkloadChangedDocument = new TypedDocumentString(`
    subscription OverviewWorkloadChanged($after: Position) {
  workloadChanged(after: $after) {
    position
  }
}
    `) as unknown as TypedDocumentString<OverviewWorkloadChangedSubscription, OverviewWorkloadChangedSubscriptionVariables>;
export const OverviewPodChangedDocument = new TypedDocumentString(`
    subscription OverviewPodChanged($after: Position) {
  podChanged(after: $after) {
    position
  }
}
    `) as unknown as TypedDocumentString<OverviewPodChangedSubscription, OverviewPodChangedSubscriptionVariables>;
export const OverviewOperationChangedDocument = new TypedDocumentString(`
    subscription OverviewOperationChanged($after: Position) {
  operationChanged(after: $after) {
    position
  }
}
    `) as unknown as TypedDocumentString<OverviewOperationChangedSubscription, OverviewOperationChangedSubscriptionVariables>;
export const CapacitySampledDocument = new TypedDocumentString(`
    subscription CapacitySampled {
  capacitySampled {
    clusterId
    sampledAt
    message
    usageMessage
    nodes {
      count
      ready
      notReady
      unschedulable
      cpuMillicores
      memoryBytes
      pods
      podsPlaced
      cpuRequestedMillicores
      memoryRequestedBytes
    }
    usage {
      nodes
      cpuMillicores
      memoryBytes
    }
  }
}
    `) as unknown as TypedDocumentString<CapacitySampledSubscription, CapacitySampledSubscriptionVariables>;
export const PodDocument = new TypedDocumentString(`
    query Pod($id: ID!, $minPosition: Position) {
  pod(id: $id, minPosition: $minPosition) {
    ...PodDetail
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment PodRow on Pod {
  id
  cluster {
    id
    name
  }
  namespace
  name
  phase
  ready
  restarts
  rank
  reason
  cause {
    message {
      text
    }
    since
  }
  node
  workload {
    id
    name
  }
  createdAt
  containers {
    name
    image
    ready
    restarts
    state
    reason
    role
    termination {
      reason
      exitCode
      signal
      startedAt
      finishedAt
    }
    cpuRequestMillicores
    cpuLimitMillicores
    memoryRequestBytes
    memoryLimitBytes
  }
  cpuRequestMillicores
  cpuLimitMillicores
  memoryRequestBytes
  memoryLimitBytes
  labels
}
fragment PodDetail on Pod {
  ...PodRow
  cause {
    ...CauseFields
  }
  workload {
    id
    kind
    name
  }
  conditions {
    type
    status
    reason
    message
    since
  }
}`) as unknown as TypedDocumentString<PodQuery, PodQueryVariables>;
export const PodDetailChangedDocument = new TypedDocumentString(`
    subscription PodDetailChanged($filter: PodFilter, $after: Position) {
  podChanged(filter: $filter, after: $after) {
    position
    kind
    podId
    pod {
      ...PodDetail
    }
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment PodRow on Pod {
  id
  cluster {
    id
    name
  }
  namespace
  name
  phase
  ready
  restarts
  rank
  reason
  cause {
    message {
      text
    }
    since
  }
  node
  workload {
    id
    name
  }
  createdAt
  containers {
    name
    image
    ready
    restarts
    state
    reason
    role
    termination {
      reason
      exitCode
      signal
      startedAt
      finishedAt
    }
    cpuRequestMillicores
    cpuLimitMillicores
    memoryRequestBytes
    memoryLimitBytes
  }
  cpuRequestMillicores
  cpuLimitMillicores
  memoryRequestBytes
  memoryLimitBytes
  labels
}
fragment PodDetail on Pod {
  ...PodRow
  cause {
    ...CauseFields
  }
  workload {
    id
    kind
    name
  }
  conditions {
    type
    status
    reason
    message
    since
  }
}`) as unknown as TypedDocumentString<PodDetailChangedSubscription, PodDetailChangedSubscriptionVariables>;
export const PodsDocument = new TypedDocumentString(`
    query Pods($filter: PodFilter, $orderBy: PodOrder, $first: Int, $after: String, $minPosition: Position) {
  pods(
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
    minPosition: $minPosition
  ) {
    nodes {
      ...PodRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment PodRow on Pod {
  id
  cluster {
    id
    name
  }
  namespace
  name
  phase
  ready
  restarts
  rank
  reason
  cause {
    message {
      text
    }
    since
  }
  node
  workload {
    id
    name
  }
  createdAt
  containers {
    name
    image
    ready
    restarts
    state
    reason
    role
    termination {
      reason
      exitCode
      signal
      startedAt
      finishedAt
    }
    cpuRequestMillicores
    cpuLimitMillicores
    memoryRequestBytes
    memoryLimitBytes
  }
  cpuRequestMillicores
  cpuLimitMillicores
  memoryRequestBytes
  memoryLimitBytes
  labels
}`) as unknown as TypedDocumentString<PodsQuery, PodsQueryVariables>;
export const PodChangedDocument = new TypedDocumentString(`
    subscription PodChanged($filter: PodFilter, $after: Position) {
  podChanged(filter: $filter, after: $after) {
    position
    kind
    podId
    pod {
      ...PodRow
    }
  }
}
    fragment PodRow on Pod {
  id
  cluster {
    id
    name
  }
  namespace
  name
  phase
  ready
  restarts
  rank
  reason
  cause {
    message {
      text
    }
    since
  }
  node
  workload {
    id
    name
  }
  createdAt
  containers {
    name
    image
    ready
    restarts
    state
    reason
    role
    termination {
      reason
      exitCode
      signal
      startedAt
      finishedAt
    }
    cpuRequestMillicores
    cpuLimitMillicores
    memoryRequestBytes
    memoryLimitBytes
  }
  cpuRequestMillicores
  cpuLimitMillicores
  memoryRequestBytes
  memoryLimitBytes
  labels
}`) as unknown as TypedDocumentString<PodChangedSubscription, PodChangedSubscriptionVariables>;
export const PodLogDocument = new TypedDocumentString(`
    subscription PodLog($input: PodLogInput!) {
  podLog(input: $input) {
    time
    container
    line
    restarted
  }
}
    `) as unknown as TypedDocumentString<PodLogSubscription, PodLogSubscriptionVariables>;
export const PodMetricsSampledDocument = new TypedDocumentString(`
    subscription PodMetricsSampled($filter: PodFilter) {
  podMetricsSampled(filter: $filter) {
    sampledAt
    available
    message
    pods {
      podId
      name
      cpuMillicores
      memoryBytes
    }
  }
}
    `) as unknown as TypedDocumentString<PodMetricsSampledSubscription, PodMetricsSampledSubscriptionVariables>;
export const PodUsageSampledDocument = new TypedDocumentString(`
    subscription PodUsageSampled($filter: PodFilter) {
  podMetricsSampled(filter: $filter) {
    clusterId
    available
    message
    pods {
      podId
      cpuMillicores
      memoryBytes
    }
  }
}
    `) as unknown as TypedDocumentString<PodUsageSampledSubscription, PodUsageSampledSubscriptionVariables>;
export const ContainerUsageSampledDocument = new TypedDocumentString(`
    subscription ContainerUsageSampled($filter: PodFilter) {
  podMetricsSampled(filter: $filter) {
    clusterId
    available
    message
    pods {
      podId
      containers {
        name
        cpuMillicores
        memoryBytes
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ContainerUsageSampledSubscription, ContainerUsageSampledSubscriptionVariables>;
export const WorkloadsDocument = new TypedDocumentString(`
    query Workloads($filter: WorkloadFilter, $orderBy: WorkloadOrder, $first: Int, $after: String, $minPosition: Position) {
  workloads(
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
    minPosition: $minPosition
  ) {
    nodes {
      ...WorkloadRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment WorkloadRow on Workload {
  id
  cluster {
    id
    name
    environment
  }
  namespace
  kind
  name
  state
  stateSince
  rank
  summary {
    text
  }
  cause {
    message {
      text
    }
    since
  }
  desiredReplicas
  readyReplicas
  restarts
  cpuRequestMillicores
  memoryRequestBytes
  images
  createdAt
  version
}`) as unknown as TypedDocumentString<WorkloadsQuery, WorkloadsQueryVariables>;
export const WorkloadChangedDocument = new TypedDocumentString(`
    subscription WorkloadChanged($filter: WorkloadFilter, $after: Position) {
  workloadChanged(filter: $filter, after: $after) {
    position
    kind
    workloadId
    workload {
      ...WorkloadRow
    }
  }
}
    fragment WorkloadRow on Workload {
  id
  cluster {
    id
    name
    environment
  }
  namespace
  kind
  name
  state
  stateSince
  rank
  summary {
    text
  }
  cause {
    message {
      text
    }
    since
  }
  desiredReplicas
  readyReplicas
  restarts
  cpuRequestMillicores
  memoryRequestBytes
  images
  createdAt
  version
}`) as unknown as TypedDocumentString<WorkloadChangedSubscription, WorkloadChangedSubscriptionVariables>;
export const WorkloadDocument = new TypedDocumentString(`
    query Workload($id: ID!, $minPosition: Position) {
  workload(id: $id, minPosition: $minPosition) {
    ...WorkloadDetail
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment WorkloadRow on Workload {
  id
  cluster {
    id
    name
    environment
  }
  namespace
  kind
  name
  state
  stateSince
  rank
  summary {
    text
  }
  cause {
    message {
      text
    }
    since
  }
  desiredReplicas
  readyReplicas
  restarts
  cpuRequestMillicores
  memoryRequestBytes
  images
  createdAt
  version
}
fragment WorkloadDetail on Workload {
  ...WorkloadRow
  labels
  manifest
  cause {
    ...CauseFields
  }
  updatedReplicas
  availableReplicas
  active
  succeeded
  failed
  owner {
    id
    kind
    name
  }
  schedule {
    expression
    timeZone
    lastRunAt
  }
  conditions {
    type
    status
    reason
    message
    since
  }
  availableActions {
    action
    verb
    hasParameters
    label
    effect
    supported
    allowed
    reason {
      text
    }
    caution {
      code
      text
    }
  }
}`) as unknown as TypedDocumentString<WorkloadQuery, WorkloadQueryVariables>;
export const DeletionDocument = new TypedDocumentString(`
    query Deletion($workload: ID!) {
  auditEvents(filter: {target: $workload, types: ["WorkloadGone"]}, first: 1) {
    nodes {
      position
      recordedAt
    }
  }
  operations(filter: {target: $workload}, first: 20) {
    nodes {
      id
      kind
      state
      actor {
        displayName
      }
      reason
      requestedPosition
      finishedAt
    }
  }
}
    `) as unknown as TypedDocumentString<DeletionQuery, DeletionQueryVariables>;
export const WorkloadDetailChangedDocument = new TypedDocumentString(`
    subscription WorkloadDetailChanged($filter: WorkloadFilter, $after: Position) {
  workloadChanged(filter: $filter, after: $after) {
    position
    kind
    workloadId
    workload {
      ...WorkloadDetail
    }
  }
}
    fragment CauseFields on Cause {
  message {
    code
    text
    arguments
  }
  since
  evidence {
    kind
    message {
      text
      arguments
    }
    at
    objectId
    container
  }
}
fragment WorkloadRow on Workload {
  id
  cluster {
    id
    name
    environment
  }
  namespace
  kind
  name
  state
  stateSince
  rank
  summary {
    text
  }
  cause {
    message {
      text
    }
    since
  }
  desiredReplicas
  readyReplicas
  restarts
  cpuRequestMillicores
  memoryRequestBytes
  images
  createdAt
  version
}
fragment WorkloadDetail on Workload {
  ...WorkloadRow
  labels
  manifest
  cause {
    ...CauseFields
  }
  updatedReplicas
  availableReplicas
  active
  succeeded
  failed
  owner {
    id
    kind
    name
  }
  schedule {
    expression
    timeZone
    lastRunAt
  }
  conditions {
    type
    status
    reason
    message
    since
  }
  availableActions {
    action
    verb
    hasParameters
    label
    effect
    supported
    allowed
    reason {
      text
    }
    caution {
      code
      text
    }
  }
}`) as unknown as TypedDocumentString<WorkloadDetailChangedSubscription, WorkloadDetailChangedSubscriptionVariables>;
export const CreateWorkloadDocument = new TypedDocumentString(`
    mutation CreateWorkload($input: CreateWorkloadInput!) {
  createWorkload(input: $input) {
    ...CommandOutcome
    ... on OperationAccepted {
      operation {
        target {
          cluster {
            id
          }
          namespace
          kind
          name
        }
      }
    }
  }
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}`) as unknown as TypedDocumentString<CreateWorkloadMutation, CreateWorkloadMutationVariables>;
export const PreviewWorkloadDocument = new TypedDocumentString(`
    query PreviewWorkload($input: CreateWorkloadInput!) {
  workloadPreview(input: $input) {
    __typename
    ... on WorkloadPreview {
      changes {
        path
        before
        after
        important
      }
      removed
    }
    ... on WorkloadNotChecked {
      message
    }
    ... on OperationRefused {
      code
      message
      field
      currentVersion
    }
  }
}
    `) as unknown as TypedDocumentString<PreviewWorkloadQuery, PreviewWorkloadQueryVariables>;
export const ScaleWorkloadDocument = new TypedDocumentString(`
    mutation ScaleWorkload($input: ScaleWorkloadInput!) {
  scaleWorkload(input: $input) {
    ...CommandOutcome
  }
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}`) as unknown as TypedDocumentString<ScaleWorkloadMutation, ScaleWorkloadMutationVariables>;
export const RestartWorkloadDocument = new TypedDocumentString(`
    mutation RestartWorkload($input: WorkloadInput!) {
  restartWorkload(input: $input) {
    ...CommandOutcome
  }
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}`) as unknown as TypedDocumentString<RestartWorkloadMutation, RestartWorkloadMutationVariables>;
export const StopWorkloadDocument = new TypedDocumentString(`
    mutation StopWorkload($input: WorkloadInput!) {
  stopWorkload(input: $input) {
    ...CommandOutcome
  }
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}`) as unknown as TypedDocumentString<StopWorkloadMutation, StopWorkloadMutationVariables>;
export const StartWorkloadDocument = new TypedDocumentString(`
    mutation StartWorkload($input: WorkloadInput!) {
  startWorkload(input: $input) {
    ...CommandOutcome
  }
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}`) as unknown as TypedDocumentString<StartWorkloadMutation, StartWorkloadMutationVariables>;
export const DeleteWorkloadDocument = new TypedDocumentString(`
    mutation DeleteWorkload($input: WorkloadInput!) {
  deleteWorkload(input: $input) {
    ...CommandOutcome
  }
}
    fragment AcceptedOperation on OperationAccepted {
  position
  removed
  operation {
    id
    target {
      name
    }
  }
}
fragment Refusal on OperationRefused {
  code
  message
  field
  currentVersion
}
fragment CommandOutcome on OperationResult {
  __typename
  ...AcceptedOperation
  ...Refusal
}`) as unknown as TypedDocumentString<DeleteWorkloadMutation, DeleteWorkloadMutationVariables>;
export const JustBeforeDocument = new TypedDocumentString(`
    query JustBefore($workload: ID!) {
  workload(id: $workload) {
    latestChange {
      ...ChangeFields
    }
  }
}
    fragment ChangeFields on RecordedChange {
  at
  objectId
  isDeletion
  operation {
    id
    kind
    state
    reason
    actor {
      displayName
    }
  }
  revision {
    managers
    changes {
      path
      before
      after
      important
    }
  }
}`) as unknown as TypedDocumentString<JustBeforeQuery, JustBeforeQueryVariables>;
export const WorkloadMetricsSampledDocument = new TypedDocumentString(`
    subscription WorkloadMetricsSampled($filter: WorkloadFilter) {
  workloadMetricsSampled(filter: $filter) {
    clusterId
    available
    message
    workloads {
      workloadId
      cpuMillicores
      memoryBytes
      cpuRequestMillicores
      memoryRequestBytes
    }
  }
}
    `) as unknown as TypedDocumentString<WorkloadMetricsSampledSubscription, WorkloadMetricsSampledSubscriptionVariables>;
export const PositionDocument = new TypedDocumentString(`
    query Position {
  server {
    projectedPosition
  }
}
    `) as unknown as TypedDocumentString<PositionQuery, PositionQueryVariables>;
export const LoginDocument = new TypedDocumentString(`
    mutation Login($input: LoginInput!) {
  login(input: $input) {
    ...LoginOutcome
  }
}
    fragment LoginOutcome on LoginResult {
  __typename
  ... on Session {
    accessToken
    expiresAt
    viewer {
      id
      username
      displayName
    }
  }
  ... on LoginRefused {
    code
    message
  }
}`) as unknown as TypedDocumentString<LoginMutation, LoginMutationVariables>;
export const RefreshSessionDocument = new TypedDocumentString(`
    mutation RefreshSession {
  refreshSession {
    ...LoginOutcome
  }
}
    fragment LoginOutcome on LoginResult {
  __typename
  ... on Session {
    accessToken
    expiresAt
    viewer {
      id
      username
      displayName
    }
  }
  ... on LoginRefused {
    code
    message
  }
}`) as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const LogoutDocument = new TypedDocumentString(`
    mutation Logout {
  logout
}
    `) as unknown as TypedDocumentString<LogoutMutation, LogoutMutationVariables>;
export const PreferencesDocument = new TypedDocumentString(`
    query Preferences {
  preferences {
    key
    value
  }
}
    `) as unknown as TypedDocumentString<PreferencesQuery, PreferencesQueryVariables>;
export const SetPreferenceDocument = new TypedDocumentString(`
    mutation SetPreference($input: SetPreferenceInput!) {
  setPreference(input: $input) {
    key
  }
}
    `) as unknown as TypedDocumentString<SetPreferenceMutation, SetPreferenceMutationVariables>;
export const BehindDocument = new TypedDocumentString(`
    query Behind {
  server {
    behind {
      list
      position
    }
  }
}
    `) as unknown as TypedDocumentString<BehindQuery, BehindQueryVariables>;
export const PlaceCountsDocument = new TypedDocumentString(`
    query PlaceCounts {
  overview {
    problems {
      nodes {
        key
      }
      hasMore
    }
    workloads {
      count
    }
    pods {
      count
    }
    operations {
      state
      count
    }
  }
}
    `) as unknown as TypedDocumentString<PlaceCountsQuery, PlaceCountsQueryVariables>;
export const FindDocument = new TypedDocumentString(`
    query Find($search: String!, $first: Int!, $kinds: [ID!], $hasKinds: Boolean!) {
  workloads(filter: {search: $search}, first: $first) {
    nodes {
      id
      cluster {
        name
      }
      namespace
      kind
      name
      state
    }
    pageInfo {
      hasNextPage
    }
  }
  pods(filter: {search: $search}, first: $first) {
    nodes {
      id
      cluster {
        name
      }
      namespace
      name
      phase
      ready
      reason
      cause {
        since
      }
    }
    pageInfo {
      hasNextPage
    }
  }
  objects(filter: {search: $search, kinds: $kinds}, first: $first) @include(if: $hasKinds) {
    nodes {
      id
      namespace
      name
      state
    }
    pageInfo {
      hasNextPage
    }
  }
}
    `) as unknown as TypedDocumentString<FindQuery, FindQueryVariables>;