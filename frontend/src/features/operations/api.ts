import { api, execute } from '@/graphql/api';
import {
  BeforeOperationDocument,
  type BeforeOperationQuery,
  type BeforeOperationQueryVariables,
  CancellationDocument,
  type CancellationQuery,
  ChangesOfTargetDocument,
  type ChangesOfTargetQuery,
  LastOperationDocument,
  type LastOperationQuery,
  OneOperationChangedDocument,
  OperationChangedDocument,
  type OperationDetailFragment,
  OperationDocument,
  type OperationFieldsFragment,
  type OperationFilter,
  OperationsDocument,
  RequestedManifestDocument,
  RetryFactsDocument,
  type RetryFactsQuery,
  type RetryFactsQueryVariables,
} from '@/graphql/generated/graphql';
import { live, type Positioned } from '@/graphql/live';
import { isAfter, sortablePosition } from '@/graphql/position';
import { liveWindow } from '@/resource/live-window';
import { NO_NAMESPACE } from '@/resource/path';
import type { RowChange, Window, WindowArgs, WindowRules } from '@/resource/window';
import { type RequestedManifest, requestedManifest } from './requested-manifest';

export interface OperationWindowArgs extends WindowArgs<OperationFilter> {
  /** Whether the total is shown; counting costs the server a query. */
  counted?: boolean;
}
export type Revision = NonNullable<ChangesOfTargetQuery['workload']>['revisions']['nodes'][number];
export type OperationWindow = Window<OperationFieldsFragment>;

/** What the tray and the overview show. */
export const latestOperations: OperationWindowArgs = { filter: {}, first: 20 };

/** Newest request first. */
export const operationRules: WindowRules<OperationFieldsFragment, OperationWindowArgs> = {
  id: ({ id }) => id,
  sortKey: ({ requestedPosition }) => [sortablePosition(requestedPosition)],
  isDescending: () => true,
  isFixed: ({ filter }) => !filter.states?.length,
};

/** The stream carries every operation of a cluster, so the filter is applied here. */
export function operationChange(
  operation: OperationFieldsFragment,
  { position }: OperationWindow,
  { filter }: OperationWindowArgs,
): RowChange<OperationFieldsFragment> {
  const kind = isAfter(operation.requestedPosition, position) ? 'ADDED' : 'CHANGED';
  const { id } = operation;
  return matches(operation, filter) ? { kind, id, row: operation } : { kind: 'REMOVED', id, row: null };
}

function matches(operation: OperationFieldsFragment, filter: OperationFilter): boolean {
  const { cluster, namespace, target, states, actor, since, until } = filter;
  const at = Date.parse(operation.requestedAt);
  if (since && at < Date.parse(since)) return false;
  if (until && at >= Date.parse(until)) return false;
  if (cluster && operation.target.cluster.id !== cluster) return false;
  if (namespace && operation.target.namespace !== namespace) return false;
  if (target && targetId(operation.target) !== target) return false;
  if (actor && operation.actor?.id !== actor) return false;
  return !states?.length || states.includes(operation.state);
}

/** The public id of the object, which it keeps when it is deleted. */
export function targetId({ kind, cluster, namespace, name }: Target): string {
  return [kind, cluster.id, namespace ?? NO_NAMESPACE, name].join('~');
}

interface Target {
  kind: string;
  cluster: { id: string };
  namespace: string | null;
  name: string;
}

/** One operation as it is now; null where there is none. */
interface OperationSnapshot extends Positioned {
  operation: OperationDetailFragment | null;
}

type CancelEvent = CancellationQuery['auditEvents']['nodes'][number];

/** The request of a person to cancel it. */
function cancelledBy({ auditEvents: { nodes } }: CancellationQuery): CancelEvent | null {
  return nodes.find(({ actor }) => actor) ?? null;
}

export const operationsApi = api.injectEndpoints({
  endpoints: (build) => ({
    operations: build.query<OperationWindow, OperationWindowArgs>(
      liveWindow({
        document: OperationsDocument,
        variables: (args: OperationWindowArgs, minPosition) => ({ ...args, minPosition }),
        page: ({ operations }) => operations,
        stream: OperationChangedDocument,
        streamVariables: ({ filter }, after) => ({ cluster: filter.cluster, after }),
        change: ({ operationChanged }) => operationChanged,
        rowChange: ({ operation }, window, args) => operationChange(operation, window, args),
        rules: operationRules,
      }),
    ),
    operation: build.query<OperationSnapshot, string>(
      live({
        load: async (id: string, context, minPosition) => {
          const answer = await execute(OperationDocument, { id, minPosition }, context);
          return answer.error ? answer : { data: { operation: answer.data.operation ?? null } };
        },
        document: OneOperationChangedDocument,
        follows: ({ operation }: OperationSnapshot) => operation !== null,
        variables: (id, after) => ({ id, after }),
        change: ({ operationChanged }) => operationChanged,
        apply: (snapshot: OperationSnapshot, { operation }) => {
          snapshot.operation = operation;
        },
      }),
    ),
    /** The operations on an object before another one, the newest first. */
    beforeOperation: build.query<BeforeOperationQuery['operations']['nodes'], BeforeOperationQueryVariables>({
      query: (variables) => ({ document: BeforeOperationDocument, variables }),
      transformResponse: ({ operations }: BeforeOperationQuery) => operations.nodes,
    }),
    lastOperation: build.query<LastOperationQuery['operations']['nodes'][number] | null, string>({
      query: (target) => ({ document: LastOperationDocument, variables: { target } }),
      transformResponse: (data: LastOperationQuery) => data.operations.nodes[0] ?? null,
    }),
    /** Who or what cancelled an operation; null until the audit log shows it. */
    cancellation: build.query<CancelEvent | null, string>({
      query: (operation) => ({ document: CancellationDocument, variables: { operation } }),
      transformResponse: cancelledBy,
    }),
    /** What a retry needs to say: what was requested, and the object as it is now. */
    retryFacts: build.query<RetryFactsQuery, RetryFactsQueryVariables>({
      query: (variables) => ({ document: RetryFactsDocument, variables }),
      keepUnusedDataFor: 0,
    }),
    /** What an operation was to create, for another try; null where nobody can read it any more. */
    requestedManifest: build.query<RequestedManifest | null, string>({
      query: (operation) => ({ document: RequestedManifestDocument, variables: { operation } }),
      transformResponse: requestedManifest,
    }),
    /** The latest changes of a workload's manifest, whoever made them. */
    changesOfTarget: build.query<Revision[], string>({
      query: (workload) => ({ document: ChangesOfTargetDocument, variables: { workload } }),
      transformResponse: ({ workload }: ChangesOfTargetQuery) => workload?.revisions.nodes ?? [],
    }),
  }),
});

const POLL_MS = 2_000;
const SETTLED_MS = 30_000;

/** Lists that are read beside an operation may show its end a moment later than its own: they are read again until then. */
export function pollAfter(finishedAt: string | null) {
  return finishedAt && Date.now() - Date.parse(finishedAt) < SETTLED_MS ? POLL_MS : 0;
}

export const {
  useBeforeOperationQuery,
  useChangesOfTargetQuery,
  useLazyLastOperationQuery,
  useOperationQuery,
  useOperationsQuery,
  useRequestedManifestQuery,
  useRetryFactsQuery,
} = operationsApi;
