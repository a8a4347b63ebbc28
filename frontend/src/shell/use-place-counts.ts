import { useTranslation } from 'react-i18next';
import { inFlightStates } from '@/features/operations/states';
import { api } from '@/graphql/api';
import { PlaceCountsDocument, type PlaceCountsQuery } from '@/graphql/generated/graphql';
import type { places } from './places';

/** Nobody waits for them: the pages themselves are live. */
const POLL_MS = 15_000;

type PlaceName = (typeof places)[number]['name'];
export interface PlaceCount {
  shown: string;
  /** With what is counted. */
  words: string;
}
type Counts = Partial<Record<PlaceName, PlaceCount>>;

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
  const { t, i18n } = useTranslation();
  const { data } = usePlaceCountsQuery(undefined, {
    pollingInterval: POLL_MS,
    skipPollingIfUnfocused: true,
  });
  if (!data) return {};
  const format = new Intl.NumberFormat(i18n.language);
  const counted = (
    name: Exclude<PlaceName, 'audit' | 'objects' | 'clusters'>,
    count: number,
    isMore = false,
  ) => {
    if (count === 0) return {};
    const shown = `${format.format(count)}${isMore ? '+' : ''}`;
    return { [name]: { shown, words: t(`placeCount.${name}`, { count, shown }) } };
  };
  const sum = (counts: readonly { count: number }[]) => counts.reduce((total, { count }) => total + count, 0);
  return {
    ...counted('overview', data.problems.nodes.length, data.problems.hasMore),
    ...counted('workloads', sum(data.workloads)),
    ...counted('pods', sum(data.pods)),
    ...counted('operations', sum(data.operations.filter(({ state }) => inFlightStates.includes(state)))),
  };
}
