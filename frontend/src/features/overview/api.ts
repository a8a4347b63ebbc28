import { api, execute } from '@/graphql/api';
import {
  OverviewDocument,
  OverviewOperationChangedDocument,
  OverviewPodChangedDocument,
  type OverviewQuery,
  OverviewWorkloadChangedDocument,
} from '@/graphql/generated/graphql';
import { stream } from '@/graphql/stream';

const REREAD_MS = 1_000;

type Overview = OverviewQuery['overview'];

const overviewApi = api.injectEndpoints({
  endpoints: (build) => ({
    overview: build.query<Overview, void>({
      query: () => ({ document: OverviewDocument }),
      transformResponse: (data: OverviewQuery) => data.overview,
      async onCacheEntryAdded(
        _,
        { cacheDataLoaded, cacheEntryRemoved, getCacheEntry, updateCachedData, ...context },
      ) {
        await cacheDataLoaded.catch(() => {});
        let timer: ReturnType<typeof setTimeout> | undefined;
        const reread = async () => {
          timer = undefined;
          const { data } = await execute(OverviewDocument, {}, context);
          if (data) updateCachedData(() => data.overview);
        };
        // Groups and counts are cheap for the server and hard to keep by hand: a change only says that it is time to read.
        const changed = () => {
          timer ??= setTimeout(reread, REREAD_MS);
        };
        const variables = () => ({ after: getCacheEntry().data?.position });
        const stops = [
          stream({ document: OverviewWorkloadChangedDocument, variables, next: changed }),
          stream({ document: OverviewPodChangedDocument, variables, next: changed }),
          stream({ document: OverviewOperationChangedDocument, variables, next: changed }),
        ];
        await cacheEntryRemoved;
        clearTimeout(timer);
        for (const stop of stops) stop();
      },
    }),
  }),
});

export const { useOverviewQuery } = overviewApi;
