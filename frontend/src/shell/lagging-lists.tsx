import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLaggingLists } from '@/graphql/lagging-lists';
import { serverWord } from '@/language/texts';

/** Names the lists that lag behind the log: their projection stopped at an event. */
export function LaggingLists() {
  const { t } = useTranslation();
  const lagging = useLaggingLists();
  if (!lagging?.length) return null;
  const lists = lagging
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
