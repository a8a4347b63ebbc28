import { useTranslation } from 'react-i18next';
import { inFlightStates } from '@/features/operations/states';
import { api } from '@/graphql/api';
import { PlaceCountsDocument, type PlaceCountsQuery } from '@/graphql/generated/graphql';
import type { places } from './places';

/** Nobody waits for them: the pages themselves are live. */
const POLL_MS = 15_000;

type PlaceName = (typeof places)[number]['name'];
type Counts = Partial<Record<PlaceName, string>>;

const { usePlaceCountsQuery } = api.injectEndpoints({
  endpoints: (build) => ({
    placeCounts: build.query<PlaceCountsQuery['overview'], void>({
      query: () => ({ document: PlaceCountsDocument }),
      transformResponse: ({ overview }: PlaceCountsQuery) => overview,
    }),
  }),
});

/** How much there is behind each place: problems, rows, and operations in flight. Nothing where there is nothing. */
export function usePlaceCounts(): Counts {
  const { i18n } = useTranslation();
  const { data } = usePlaceCountsQuery(undefined, {
    pollingInterval: POLL_MS,
    skipPollingIfUnfocused: true,
  });
  if (!data) return {};
  const format = new Intl.NumberFormat(i18n.language);
  const words = (count: number, isMore = false) =>
    count > 0 ? `${format.format(count)}${isMore ? '+' : ''}` : undefined;
  const sum = (counts: readonly { count: number }[]) => counts.reduce((total, { count }) => total + count, 0);
  return {
    overview: words(data.problems.nodes.length, data.problems.hasMore),
    workloads: words(sum(data.workloads)),
    pods: words(sum(data.pods)),
    operations: words(sum(data.operations.filter(({ state }) => inFlightStates.includes(state)))),
  };
}
