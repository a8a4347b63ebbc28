import { api } from './api';
import { BehindDocument, type BehindQuery } from './generated/graphql';

const POLL_MS = 30_000;

const laggingApi = api.injectEndpoints({
  endpoints: (build) => ({
    laggingLists: build.query<BehindQuery['server']['behind'], void>({
      query: () => ({ document: BehindDocument }),
      transformResponse: (data: BehindQuery) => data.server.behind,
    }),
  }),
});

/** The lists that lag behind the log: their projection stopped at an event. */
export const useLaggingLists = () =>
  laggingApi.useLaggingListsQuery(undefined, { pollingInterval: POLL_MS }).data;

/** Whether a list of this name, if there is one, lags behind the log. */
export function useIsLagging(name: string | undefined): boolean {
  const { data } = laggingApi.endpoints.laggingLists.useQueryState(undefined);
  return data?.some(({ list }) => list === name) ?? false;
}
