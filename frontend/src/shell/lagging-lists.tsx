import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/graphql/api';
import { BehindDocument, type BehindQuery } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';

const POLL_MS = 30_000;

const serverApi = api.injectEndpoints({
  endpoints: (build) => ({
    laggingLists: build.query<BehindQuery['server']['behind'], void>({
      query: () => ({ document: BehindDocument }),
      transformResponse: (data: BehindQuery) => data.server.behind,
    }),
  }),
});

/** Names the lists that lag behind the log: their projection stopped at an event. */
export function LaggingLists() {
  const { t } = useTranslation();
  const { data } = serverApi.useLaggingListsQuery(undefined, { pollingInterval: POLL_MS });
  if (!data?.length) return null;
  const lists = data
    .map(({ list, position }) => t('lagging.list', { list: serverWord(t, 'listName', list), position }))
    .join(t('mark.comma'));
  return (
    <Alert
      type="warning"
      showIcon
      role="status"
      data-testid="lagging-lists"
      title={t('lagging.title')}
      description={t('lagging.what', { lists })}
    />
  );
}
