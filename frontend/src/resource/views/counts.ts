import { useMemo } from 'react';
import { api } from '@/graphql/api';
import { TypedDocumentString } from '@/graphql/generated/graphql';
import { usePreference } from '@/ui/preferences/preferences-slice';
import { type FilterSpec, readFilter } from '../list-parameters';
import { useReread } from '../use-reread';
import { addressOf, type Query, type ViewsSpec } from './view';

type Counted = Pick<ViewsSpec, 'field' | 'filter'>;
type CountedViews = Pick<ViewsSpec, 'field' | 'filter' | 'within'>;

interface CountArgs extends Counted {
  /** Each filter as a text, none twice. */
  filters: readonly string[];
}

type Counts = Record<string, number>;

/** Asks for the totals of several filters at once. */
export function countDocument({ field, filter }: Counted, count: number) {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const variables = numbers.map((index) => `$f${index}: ${filter}`).join(', ');
  const fields = numbers.map((index) => `v${index}: ${field}(filter: $f${index}, first: 1) { totalCount }`);
  return new TypedDocumentString<Record<string, { totalCount: number }>, Record<string, unknown>>(
    `query ViewCounts(${variables}) { ${fields.join(' ')} }`,
  );
}

const countsApi = api.injectEndpoints({
  endpoints: (build) => ({
    viewCounts: build.query<Counts, CountArgs>({
      query: ({ filters, ...counted }) => ({
        document: countDocument(counted, filters.length),
        variables: Object.fromEntries(filters.map((filter, index) => [`f${index}`, JSON.parse(filter)])),
      }),
      transformResponse: (data: Record<string, { totalCount: number }>, _meta, { filters }) =>
        Object.fromEntries(
          filters.flatMap((filter, index) => {
            const counted = data[`v${index}`];
            return counted ? [[filter, counted.totalCount]] : [];
          }),
        ),
    }),
  }),
});

/** The totals that the server has for some queries, not older than ten seconds on a page that is looked at. */
export function useCounts(
  { field, filter, within }: CountedViews,
  specs: readonly FilterSpec<never>[],
  queries: readonly Query[],
): (query: Query) => number | undefined {
  const zone = usePreference('zone');
  const textOf = (query: Query) =>
    JSON.stringify({ ...(readFilter(addressOf(query), specs, zone) as object), ...within });
  const texts = JSON.stringify([...new Set(queries.map(textOf))].sort());
  const args = useMemo(
    () => ({ field, filter, filters: JSON.parse(texts) as string[] }),
    [field, filter, texts],
  );
  // While the views change, the totals of those that stay are still right.
  const { data, refetch } = countsApi.useViewCountsQuery(args);
  useReread(refetch, null);
  return (query) => data?.[textOf(query)];
}
