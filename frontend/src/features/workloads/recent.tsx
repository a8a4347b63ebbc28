import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { WindowRows } from '@/resource/window-rows';
import { Timeline } from '@/ui/evidence/timeline';
import { Empty } from '@/ui/feedback/empty';
import { HappeningLine, markOf } from './happening';
import { useHappenings } from './use-happenings';

/** So many of each are read. */
const FIRST = 20;
const SHOWN = 10;

/** What happened last to a workload, beside what it is. */
export function Recent({ workload }: { workload: WorkloadDetailFragment }) {
  const { t } = useTranslation();
  const { id } = workload;
  const { happenings, error, retry } = useHappenings(id, FIRST, workload);
  return (
    <section className="panel" aria-labelledby="recent" data-testid="recent">
      <div className="panel-head">
        <h2 id="recent">{t('detail.tab.history')}</h2>
        <Link href={`${objectPath('workloads', id)}?tab=history`} prefetch={false} scroll={false}>
          {t('problems.allChanges')}
        </Link>
      </div>
      <WindowRows
        rows={happenings?.slice(0, SHOWN)}
        error={error}
        retry={retry}
        height={8}
        empty={<Empty text={t('history.none')} />}
      >
        {(rows) => (
          <Timeline
            isComplete={!error}
            entries={rows.map((happening) => ({
              key: happening.key,
              at: happening.at,
              by: markOf(happening),
              content: <HappeningLine happening={happening} />,
            }))}
          />
        )}
      </WindowRows>
    </section>
  );
}
