import { useTranslation } from 'react-i18next';
import type { OperationDetailFragment } from '@/graphql/generated/graphql';
import { duration, useTimes } from '@/ui/feedback/times';

type ApiCall = OperationDetailFragment['stages'][number]['apiCalls'][number];

/** What a stage sent to the API of the cluster, folded: method, path, answer, and the id in the audit log of that server. */
export function ApiCalls({ calls }: { calls: readonly ApiCall[] }) {
  const { t, i18n } = useTranslation();
  const times = useTimes();
  if (calls.length === 0) return null;
  return (
    <details className="calls fold" data-testid="api-calls">
      <summary>{t('calls.api', { count: calls.length })}</summary>
      <ol>
        {calls.map(({ verb, path, at, tookMs, status, auditId }) => (
          <li key={`${at} ${path}`} data-status={status ?? 'none'}>
            <code>
              {verb} {path}
            </code>{' '}
            <strong className={isGood(status) ? undefined : 'bad-text'}>
              {status ?? t('calls.noAnswer')}
            </strong>{' '}
            <span className="quiet number">
              <time dateTime={at}>{times.preciseClock(Date.parse(at))}</time> ·{' '}
              {duration(tookMs, i18n.language)}
              {auditId && <> · {t('calls.auditId', { id: auditId })}</>}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

const isGood = (status: number | null) => status !== null && status < 400;
