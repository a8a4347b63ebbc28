import { useTranslation } from 'react-i18next';
import type { BatchRow } from './api';
import './batches.css';

/** Every member is one of these, in the order in which they stand in the bar. */
const parts = ['succeeded', 'failed', 'unknown', 'cancelled', 'skipped', 'running', 'queued'] as const;

/** How far a batch is, as a bar and in words. */
export function BatchProgress({ batch }: { batch: BatchRow }) {
  const { t } = useTranslation();
  const there = parts.filter((part) => batch[part] > 0);
  const words = there.map((part) => t(`batches.${part}`, { count: batch[part] })).join(t('mark.comma'));
  return (
    <div className="batch-progress" data-testid="batch-progress">
      <div className="batch-bar" aria-hidden="true">
        {there.map((part) => (
          <span key={part} data-part={part} style={{ flexGrow: batch[part] }} />
        ))}
      </div>
      <span>
        {t('batches.done', { done: batch.total - batch.running - batch.queued, total: batch.total })}
        {words && <span className="quiet">{` · ${words}`}</span>}
      </span>
    </div>
  );
}
