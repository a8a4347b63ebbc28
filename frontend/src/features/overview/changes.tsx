import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { ChangeFieldsFragment } from '@/graphql/generated/graphql';
import { Timeline, type TimelineEntry } from '@/ui/evidence/timeline';
import { Empty } from '@/ui/feedback/empty';
import { Loading } from '@/ui/feedback/loading';
import { RecordedChange } from './recorded-change';

/** The latest operations and changes by others. */
export function Changes({ changes }: { changes: readonly ChangeFieldsFragment[] | undefined }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="changes" data-testid="changes">
      <div className="panel-head">
        <h2 id="changes">{t('problems.changes')}</h2>
        <Link href="/audit" prefetch={false}>
          {t('problems.allChanges')}
        </Link>
      </div>
      {!changes && <Loading lines={4} />}
      {changes?.length === 0 && <Empty text={t('problems.noChanges')} />}
      {changes && changes.length > 0 && <Timeline entries={changes.map(entryOf)} />}
    </section>
  );
}

function entryOf(change: ChangeFieldsFragment): TimelineEntry {
  return {
    key: `${change.objectId} ${change.at}`,
    at: change.at,
    by: byOf(change),
    content: <RecordedChange change={change} />,
  };
}

function byOf({ operation }: ChangeFieldsFragment): TimelineEntry['by'] {
  if (operation?.state === 'FAILED') return 'failure';
  return operation?.actor ? 'person' : 'service';
}
