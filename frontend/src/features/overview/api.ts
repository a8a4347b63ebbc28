import { original } from '@reduxjs/toolkit';
import { copyWithStructuralSharing } from '@reduxjs/toolkit/query';
import { api } from '@/graphql/api';
import {
  OverviewDocument,
  OverviewOperationChangedDocument,
  OverviewPodChangedDocument,
  type OverviewQuery,
  OverviewWorkloadChangedDocument,
} from '@/graphql/generated/graphql';
import { isAfter } from '@/graphql/position';
import { stream } from '@/graphql/stream';

const REREAD_MS = 1_000;

type Overview = OverviewQuery['overview'];

export const overviewApi = api.injectEndpoints({
  endpoints: (build) => ({
    overview: build.query<Overview, void>({
      query: () => ({ document: OverviewDocument }),
      transformResponse: (data: OverviewQuery) => data.overview,
      // Another gateway may lag behind the one that answered before.
      merge: (current, fresh) =>
        isAfter(current.position, fresh.position)
          ? undefined
          : copyWithStructuralSharing(original(current), fresh),
      async onCacheEntryAdded(_, { cacheDataLoaded, cacheEntryRemoved, getCacheEntry, dispatch }) {
        await cacheDataLoaded.catch(() => {});
        let timer: ReturnType<typeof setTimeout> | undefined;
        let isRemoved = false;
        const { overview } = overviewApi.endpoints;
        const reread = async (): Promise<void> => {
          // A read that has begun may not contain the change. One at a time, so that no answer overtakes another.
          await dispatch(overviewApi.util.getRunningQueryThunk('overview', undefined));
          timer = undefined;
          if (isRemoved) return;
          await dispatch(overview.initiate(undefined, { forceRefetch: true, subscribe: false }));
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
        isRemoved = true;
        clearTimeout(timer);
        for (const stop of stops) stop();
      },
    }),
  }),
});

export const { useOverviewQuery } = overviewApi;
