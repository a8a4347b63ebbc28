import { useClustersQuery, useKnownClusters } from '@/features/clusters/api';
import { useClusterOfPage } from '@/features/clusters/cluster-of-page';
import { api, execute, type RequestContext } from '@/graphql/api';
import {
  type KindFieldsFragment,
  KindNamesDocument,
  type KindNamesFragment,
  type KindNamesQuery,
  type KindOutcomeFragment,
  KindsDocument,
  RecordKindDocument,
  ReleaseKindDocument,
  type TypedDocumentString,
} from '@/graphql/generated/graphql';
import type { PostResult } from '@/graphql/post';
import { written } from '@/graphql/written-slice';

export type Kind = KindFieldsFragment;
/** A kind without its counts, with the clusters that serve it. */
export interface ServedKind extends KindNamesFragment {
  clusters: readonly string[];
}

/** Nobody waits for the counts: the lists themselves are live. */
const POLL_MS = 30_000;

/** One page of the kinds of a cluster, with whatever is asked of each. */
interface KindPage<Node> {
  kinds: { nodes: Node[]; pageInfo: KindNamesQuery['kinds']['pageInfo'] };
}
type KindDocument<Node> = TypedDocumentString<KindPage<Node>, { cluster: string; after?: string | null }>;

/** All kinds of a cluster: some clusters have more than one page of them. */
async function readKinds<Node>(
  document: KindDocument<Node>,
  cluster: string,
  context: RequestContext,
): Promise<PostResult<Node[]>> {
  const kinds: Node[] = [];
  let after: string | null = null;
  for (;;) {
    const answer: PostResult<KindPage<Node>> = await execute(document, { cluster, after }, context);
    if (answer.error) return { error: answer.error };
    const { nodes, pageInfo }: KindPage<Node>['kinds'] = answer.data.kinds;
    kinds.push(...nodes);
    if (!pageInfo.hasNextPage || !pageInfo.endCursor) return { data: kinds };
    after = pageInfo.endCursor;
  }
}

/** What several clusters serve. One that does not answer hides nothing of the others. */
async function readKindsOf(
  clusters: readonly string[],
  context: RequestContext,
): Promise<{ data: ServedKind[] }> {
  const answers = await Promise.all(
    clusters.map((cluster) => readKinds<KindNamesFragment>(KindNamesDocument, cluster, context)),
  );
  const found = new Map<string, ServedKind>();
  answers.forEach((answer, at) => {
    for (const kind of answer.data ?? []) {
      const known = found.get(kind.id)?.clusters ?? [];
      found.set(kind.id, { ...kind, clusters: [...known, clusters[at] ?? ''] });
    }
  });
  return { data: [...found.values()] };
}

/** Whether the objects of a kind are to be in the log. */
export interface KindChoice {
  cluster: string;
  kind: string;
  isRecorded: boolean;
  reason: string | null;
}

const kindsApi = api.injectEndpoints({
  endpoints: (build) => ({
    kinds: build.query<Kind[], string>({
      queryFn: (cluster, context) => readKinds<Kind>(KindsDocument, cluster, context),
      keepUnusedDataFor: 60,
    }),
    kindsOf: build.query<ServedKind[], readonly string[]>({
      queryFn: readKindsOf,
      keepUnusedDataFor: 300,
    }),
    chooseKind: build.mutation<KindOutcomeFragment, KindChoice>({
      query: ({ isRecorded, ...input }) => ({
        document: isRecorded ? RecordKindDocument : ReleaseKindDocument,
        variables: { input },
      }),
      transformResponse: (data: Record<string, KindOutcomeFragment>) =>
        Object.values(data)[0] as KindOutcomeFragment,
      async onQueryStarted({ cluster }, { dispatch, queryFulfilled }) {
        const { data } = await queryFulfilled.catch(() => ({ data: null })); // The caller shows the error.
        if (data?.__typename !== 'KindAccepted') return;
        dispatch(written(data.position));
        const { id, recorded } = data.kind;
        const patch = kindsApi.util.updateQueryData('kinds', cluster, (known) => {
          const found = known.find((one) => one.id === id);
          // The counts come with the next answer.
          if (found) Object.assign(found, { recorded, count: null, problems: null });
        });
        dispatch(patch);
      },
    }),
  }),
});

const { useKindsOfQuery, useKindsQuery } = kindsApi;
export const { useChooseKindMutation } = kindsApi;

/** The kinds that a cluster serves, with their counts; nothing is read without a cluster. */
export function useKinds(cluster: string | undefined) {
  return useKindsQuery(cluster ?? '', {
    skip: !cluster,
    pollingInterval: POLL_MS,
    skipPollingIfUnfocused: true,
  });
}

/** The kinds of all clusters that answer, as far as they are read; nothing is read while they are not wanted. */
export function useKindsOfAll(isWanted: boolean): readonly ServedKind[] | undefined {
  const answering = useKnownClusters()?.filter(({ state }) => state !== 'UNREACHABLE') ?? [];
  const clusters = answering.map(({ id }) => id);
  return useKindsOfQuery(clusters, { skip: !isWanted || clusters.length === 0 }).data;
}

/** The cluster whose kinds are offered: that of the page, else the first one. */
export function useClusterOfKinds() {
  const ofPage = useClusterOfPage();
  const { data } = useClustersQuery();
  return ofPage ?? data?.[0];
}
