import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/graphql/api';
import { BehindDocument, type BehindQuery } from '@/graphql/generated/graphql';

const LOOK_AGAIN_MS = 30_000;

const behindApi = api.injectEndpoints({
  endpoints: (build) => ({
    behind: build.query<BehindQuery['server']['behind'], void>({
      query: () => ({ document: BehindDocument }),
      transformResponse: (data: BehindQuery) => data.server.behind,
    }),
  }),
});

/** Says which lists do not show what happened last: they have stopped at an event, and somebody has to look. */
export function Behind() {
  const { t } = useTranslation();
  const { data } = behindApi.useBehindQuery(undefined, { pollingInterval: LOOK_AGAIN_MS });
  if (!data?.length) return null;
  const lists = data.map(({ list, position }) => t('behind.list', { list, position })).join(', ');
  return (
    <Alert
      type="warning"
      showIcon
      role="status"
      data-testid="behind"
      title={t('behind.title')}
      description={t('behind.what', { lists })}
    />
  );
}
