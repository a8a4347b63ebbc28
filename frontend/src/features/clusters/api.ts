import { api, execute, type RequestContext } from '@/graphql/api';
import {
  type ClusterFieldsFragment,
  ClustersDocument,
  type ClustersQuery,
  type ClustersQueryVariables,
  NamespaceDocument,
  type NamespaceQuery,
  NamespacesDocument,
  type NamespacesQuery,
  type NamespacesQueryVariables,
} from '@/graphql/generated/graphql';
import type { PostResult } from '@/graphql/post';
import type { TextKey } from '@/language/texts';
import { forgetWithPerson } from '@/ui/hooks/on-device';

/** Why nothing can be created in a namespace. */
type NamespaceState = 'missing' | 'ending';

function stateOf({ node }: NamespaceQuery): NamespaceState | null {
  if (!node) return 'missing';
  return 'phase' in node && node.phase === 'Terminating' ? 'ending' : null;
}

/** A filter holds the id of a cluster, and is written by its name. */
const names = new Map<string, string>();
forgetWithPerson(() => names.clear());

export const knownClusters = (): ReadonlyMap<string, string> => names;
/** The name of a cluster, or its id until that is known. */
export const clusterName = (id: string) => names.get(id) ?? id;

export type Cluster = ClusterFieldsFragment;

/** So many are read at once. */
const PAGE = 100;

/** All clusters: the name of each is needed wherever something of it is shown. */
async function readClusters(context: RequestContext): Promise<PostResult<Cluster[]>> {
  const clusters: Cluster[] = [];
  let after: string | null = null;
  for (;;) {
    const variables: ClustersQueryVariables = { first: PAGE, after };
    const answer: PostResult<ClustersQuery> = await execute(ClustersDocument, variables, context);
    if (answer.error) return { error: answer.error };
    const { nodes, pageInfo } = answer.data.clusters;
    for (const { id, name } of nodes) names.set(id, name);
    clusters.push(...nodes);
    if (nodes.length < PAGE) return { data: clusters };
    after = pageInfo.endCursor;
  }
}

const clustersApi = api.injectEndpoints({
  endpoints: (build) => ({
    clusters: build.query<Cluster[], void>({
      queryFn: (_, context) => readClusters(context),
      keepUnusedDataFor: 60,
    }),
    namespaces: build.query<string[], NamespacesQueryVariables>({
      query: (variables) => ({ document: NamespacesDocument, variables }),
      transformResponse: (data: NamespacesQuery) => [
        ...new Set(data.namespaces.nodes.map(({ name }) => name)),
      ],
      keepUnusedDataFor: 5,
    }),
    namespaceState: build.query<NamespaceState | null, { cluster: string; name: string }>({
      query: ({ cluster, name }) => ({
        document: NamespaceDocument,
        variables: { id: `Namespace~${cluster}~_~${name}` },
      }),
      transformResponse: stateOf,
      keepUnusedDataFor: 5,
    }),
  }),
});

const { useNamespaceStateQuery } = clustersApi;
export const { useClustersQuery, useNamespacesQuery } = clustersApi;

/** Shows at once what a command made of the clusters: the next read has it too. */
export const changeClusters = (change: (known: Cluster[]) => Cluster[]) =>
  clustersApi.util.updateQueryData('clusters', undefined, change);

/** What the page has read of them already. */
export const useKnownClusters = () => clustersApi.endpoints.clusters.useQueryState().data;

const OF_SEVERAL: readonly TextKey[] = [];
const OF_ONE: readonly TextKey[] = ['workloads.cluster'];

/** Whether there is more than one cluster, so that a list has to say which. */
export function useHasSeveral(): boolean {
  return (useClustersQuery().data?.length ?? 0) > 1;
}

/** Tells which clusters do not answer. That is said once for the page, and what follows from it is not. */
export function useIsAway(): (cluster: string | null | undefined) => boolean {
  const known = useKnownClusters();
  return (cluster) => known?.some(({ id, state }) => id === cluster && state === 'UNREACHABLE') ?? false;
}

/** A list names the cluster of each row by itself only where there are several. */
export function useLeftOutPlace(): readonly TextKey[] {
  return useHasSeveral() ? OF_SEVERAL : OF_ONE;
}

const POLL_MS = 5_000;

/** Why nothing can be created in a namespace; null where something can, and while that is not known. */
export function useNamespaceState(cluster: string | null, name: string): NamespaceState | null {
  const args = { cluster: cluster ?? '', name };
  const skip = !cluster || !name;
  const { currentData } = useNamespaceStateQuery(args, { skip });
  // Somebody may create it meanwhile.
  useNamespaceStateQuery(args, { skip: skip || !currentData, pollingInterval: POLL_MS });
  return skip ? null : (currentData ?? null);
}

/** The names of namespaces that contain a text, in all clusters; nothing is read while it is null. */
export function useNamespaceNames(part: string | null) {
  return useNamespacesQuery({ search: part || null }, { skip: part === null });
}
