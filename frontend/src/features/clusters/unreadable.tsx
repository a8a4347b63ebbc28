import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useClustersQuery } from './api';

/** More than these are folded: a cluster may have hundreds of custom kinds. */
const MOST = 3;

/** Names the kinds that a cluster does not let Binnacle read: a list without them looks complete. */
export function Unreadable() {
  const { t } = useTranslation();
  const { data } = useClustersQuery();
  const restricted = data?.filter(({ unreadable }) => unreadable.length > 0) ?? [];
  return restricted.map(({ id, name, unreadable }) => {
    const list = <UnreadableKinds unreadable={unreadable} />;
    return (
      <Alert
        key={id}
        type="warning"
        showIcon
        role="status"
        data-testid="unreadable-kinds"
        title={t('unreadable.title', { name })}
        description={
          unreadable.length > MOST ? (
            <details className="fold">
              <summary>{t('unreadable.many', { count: unreadable.length })}</summary>
              {list}
            </details>
          ) : (
            <>
              <div>{t('unreadable.what')}</div>
              {list}
            </>
          )
        }
      />
    );
  });
}

interface UnreadableKindsProps {
  unreadable: readonly { kind: string; message: string }[];
}

/** Each kind with the rule that is missing, in the words of the API server. */
export function UnreadableKinds({ unreadable }: UnreadableKindsProps) {
  const { t } = useTranslation();
  return (
    <ul>
      {unreadable.map(({ kind, message }) => (
        <li key={kind}>
          {kind}
          {t('mark.colon')}
          <code>{message}</code>
        </li>
      ))}
    </ul>
  );
}
