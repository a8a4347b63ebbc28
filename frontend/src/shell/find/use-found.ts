import { useEffect } from 'react';
import { api } from '@/graphql/api';
import type { GraphqlError } from '@/graphql/error';
import { FindDocument, type FindQuery } from '@/graphql/generated/graphql';

const PAUSE_MS = 150;
const FIRST = 8;

const { useLazyFindQuery } = api.injectEndpoints({
  endpoints: (build) => ({
    find: build.query<FindQuery, string>({
      query: (search) => ({ document: FindDocument, variables: { search, first: FIRST } }),
    }),
  }),
});

/** The objects whose name has a text, as the server finds them once typing pauses. */
export function useFound(text: string) {
  const wanted = text.trim();
  const [find, { data, error, originalArgs, isFetching }] = useLazyFindQuery();
  useEffect(() => {
    if (!wanted) return;
    let request: ReturnType<typeof find> | undefined;
    const timer = setTimeout(() => {
      request = find(wanted, true);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      request?.abort();
    };
  }, [wanted, find]);

  const isSettled = !wanted || (originalArgs === wanted && !isFetching);
  return {
    // Until the answer is there, those of the last one that still match: what is chosen from is always right.
    data: wanted && data ? (isSettled ? data : narrowed(data, wanted)) : undefined,
    error: isSettled && wanted ? (error as GraphqlError | undefined) : undefined,
    isSettled,
    retry: () => void find(wanted),
  };
}

function narrowed({ workloads, pods }: FindQuery, text: string): FindQuery {
  const matches = ({ name }: { name: string }) => name.toLowerCase().includes(text.toLowerCase());
  return {
    workloads: { ...workloads, nodes: workloads.nodes.filter(matches) },
    pods: { ...pods, nodes: pods.nodes.filter(matches) },
  };
}
