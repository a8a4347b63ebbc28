import { useTranslation } from 'react-i18next';
import { objectWords } from '@/features/causes/place';
import { useTimes } from '@/ui/feedback/times';
import type { CallMark } from './axis';

interface CallsProps {
  calls: readonly CallMark[];
  /** How many came before those. */
  earlier: number;
}

/** The calls to Kubernetes of a stage: what was sent, about which object, when, and what came of it. */
export function Calls({ calls, earlier }: CallsProps) {
  const { t } = useTranslation();
  const times = useTimes();
  if (calls.length === 0) return null;
  return (
    <ul className="calls" aria-label={t('calls.title')} data-testid="operation-calls">
      {earlier > 0 && <li className="quiet">{t('calls.earlier', { count: earlier })}</li>}
      {calls.map(({ kind, objectId, at, outcome, message }) => (
        <li key={at} data-outcome={outcome}>
          <code>{t(`calls.kind.${kind}`)}</code> <span>{objectWords(objectId)}</span>{' '}
          <time dateTime={at} className="quiet number">
            {times.preciseClock(Date.parse(at))}
          </time>{' '}
          <strong className={`call-${outcome.toLowerCase()}`}>{t(`calls.outcome.${outcome}`)}</strong>
          {message && <span className="quiet"> · {message}</span>}
        </li>
      ))}
    </ul>
  );
}
