import { useEffect, useMemo } from 'react';
import { isWorkload } from '@/features/causes/place';
import type { ServedKind } from '@/features/kinds/api';
import { api } from '@/graphql/api';
import type { GraphqlError } from '@/graphql/error';
import { FindDocument, type FindQuery, type FindQueryVariables } from '@/graphql/generated/graphql';

const PAUSE_MS = 150;
const FIRST = 8;
/** The server takes no longer list. */
const MOST_KINDS = 1_000;

const { useLazyFindQuery } = api.injectEndpoints({
  endpoints: (build) => ({
    find: build.query<FindQuery, FindQueryVariables>({
      query: (variables) => ({ document: FindDocument, variables }),
    }),
  }),
});

/**
 * The objects whose name has a text, as the server finds them once typing pauses. Workloads and pods are found by
 * themselves: of the others, there are few that are called like them.
 */
export function useFound(text: string, served: readonly ServedKind[] | undefined) {
  const wanted = text.trim();
  const kinds = useMemo(
    () =>
      served?.filter(({ id, recorded }) => recorded && id !== 'Pod' && !isWorkload(id)).map(({ id }) => id),
    [served],
  );
  const [find, { data, error, originalArgs, isFetching }] = useLazyFindQuery();
  useEffect(() => {
    if (!wanted) return;
    let request: ReturnType<typeof find> | undefined;
    const timer = setTimeout(() => {
      request = find(variablesOf(wanted, kinds), true);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      request?.abort();
    };
  }, [wanted, kinds, find]);

  const isSettled = !wanted || (originalArgs?.search === wanted && !isFetching);
  return {
    // Until the answer is there, those of the last one that still match: what is chosen from is always right.
    data: wanted && data ? (isSettled ? data : narrowed(data, wanted)) : undefined,
    error: isSettled && wanted ? (error as GraphqlError | undefined) : undefined,
    isSettled,
    retry: () => void find(variablesOf(wanted, kinds)),
  };
}

function variablesOf(search: string, kinds: string[] | undefined): FindQueryVariables {
  return { search, first: FIRST, kinds: kinds?.slice(0, MOST_KINDS), hasKinds: Boolean(kinds?.length) };
}

function narrowed({ workloads, pods, objects }: FindQuery, text: string): FindQuery {
  const matches = ({ name }: { name: string }) => name.toLowerCase().includes(text.toLowerCase());
  return {
    workloads: { ...workloads, nodes: workloads.nodes.filter(matches) },
    pods: { ...pods, nodes: pods.nodes.filter(matches) },
    ...(objects && { objects: { ...objects, nodes: objects.nodes.filter(matches) } }),
  };
}
