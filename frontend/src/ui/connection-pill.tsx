import { useTranslation } from 'react-i18next';
import { useAppSelector } from '@/store';
import { relative, useNow } from './age';

const STALE_AFTER_MS = 10_000;

/** Whether what is on the screen is the present, in words. */
export function ConnectionPill() {
  const { t, i18n } = useTranslation();
  const { state, lostAt } = useAppSelector((root) => root.connection);
  const now = useNow();
  const stale = state === 'reconnecting' && lostAt !== null && now - lostAt > STALE_AFTER_MS;
  const shown = stale ? 'stale' : state;
  const tone = { live: 'good', connecting: 'quiet', reconnecting: 'warn', stale: 'bad' }[shown];
  return (
    <span className={`pill pill-${tone}`} role="status" data-testid="connection" data-state={shown}>
      <span className="pill-dot" aria-hidden="true" />
      {stale && lostAt !== null
        ? t('connection.stale', { age: relative(lostAt, now, i18n.language) })
        : t(`connection.${state}`)}
    </span>
  );
}
