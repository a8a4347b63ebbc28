import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { EventType } from '@/features/audit/event-types';
import { isOnlyBookkeeping } from '@/features/operations/bookkeeping';
import { changeEntry } from '@/features/operations/recorded-change';
import type { ChangeFieldsFragment } from '@/graphql/generated/graphql';
import { Timeline } from '@/ui/evidence/timeline';
import { Loading } from '@/ui/feedback/loading';

/** The events that the changes are read from. */
const CHANGES: readonly EventType[] = [
  'OperationRequested',
  'WorkloadManifestObserved',
  'WorkloadGone',
  'ObjectObserved',
  'ObjectGone',
];

/** Twice as many are read: each rollout brings one that is bookkeeping. */
const SHOWN = 10;

interface ChangesProps {
  /** Undefined until they are read. */
  changes: readonly ChangeFieldsFragment[] | undefined;
}

/** The latest operations, and creations, changes and deletions by others. */
export function Changes({ changes: read }: ChangesProps) {
  const { t } = useTranslation();
  const changes = read
    ?.filter(({ revision }) => !revision || !isOnlyBookkeeping(revision.changes))
    .slice(0, SHOWN);
  return (
    <section className="panel overview-changes" aria-labelledby="changes" data-testid="changes">
      <div className="panel-head">
        <h2 id="changes">{t('problems.changes')}</h2>
        <Link href={`/audit?type=${CHANGES.join(',')}`} prefetch={false}>
          {t('problems.allChanges')}
        </Link>
      </div>
      {!changes && <Loading lines={4} />}
      {changes?.length === 0 && <p className="quiet">{t('problems.noChanges')}</p>}
      {changes && changes.length > 0 && <Timeline entries={changes.map(changeEntry)} />}
    </section>
  );
}
