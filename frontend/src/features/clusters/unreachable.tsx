import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useClustersQuery } from './api';

/** Twice as long as the server takes to notice. */
const POLL_MS = 10_000;

/** Names the clusters that do not answer: their data is old although the connection to the server is live. */
export function Unreachable() {
  const { t } = useTranslation();
  const { data, isError } = useClustersQuery(undefined, { pollingInterval: POLL_MS });
  const away = isError ? [] : (data?.filter(({ state }) => state === 'UNREACHABLE') ?? []);
  return away.map(({ id, name, reason }) => (
    <Alert
      key={id}
      type="warning"
      showIcon
      role="status"
      data-testid="unreachable"
      title={t('unreachable.title', { name })}
      description={
        <>
          <div>{t('unreachable.what')}</div>
          {reason && <code>{reason}</code>}
        </>
      }
    />
  ));
}
