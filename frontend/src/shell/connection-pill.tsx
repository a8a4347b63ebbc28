import { useTranslation } from 'react-i18next';
import { useConnection } from '@/graphql/connection-slice';
import { useNow } from '@/ui/feedback/age';
import { useTimes } from '@/ui/feedback/times';

/** The socket is replaced with its token every few minutes, which is not worth showing. */
const UNNOTICED_MS = 1_000;
const STALE_AFTER_MS = 10_000;

/** Whether the page is up to date, in words. */
export function ConnectionPill() {
  const { t } = useTranslation();
  const times = useTimes();
  const { state, lostAt } = useConnection();
  const now = useNow(500);
  const lostFor = lostAt === null ? 0 : now - lostAt;
  const stale = lostFor > STALE_AFTER_MS;
  const shown = stale ? 'stale' : state === 'reconnecting' && lostFor < UNNOTICED_MS ? 'live' : state;
  const words =
    lostAt === null || shown === 'live' || shown === 'connecting'
      ? t(`connection.${shown === 'live' ? 'live' : 'connecting'}`)
      : state === 'connecting'
        ? t('connection.never')
        : shown === 'stale'
          ? t('connection.stale', { age: times.when(lostAt, now) })
          : t('connection.reconnecting', { time: times.clock(lostAt) });
  return (
    <span className="connection" role="status" data-testid="connection" data-state={shown}>
      <span className="connection-dot" aria-hidden="true" />
      {words}
    </span>
  );
}
