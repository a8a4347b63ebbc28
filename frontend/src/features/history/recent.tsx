import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { pageOf } from '@/features/causes/place';
import { WindowRows } from '@/resource/window-rows';
import { Timeline } from '@/ui/evidence/timeline';
import { Empty } from '@/ui/feedback/empty';
import { HappeningLine, markOf } from './happening';
import { useHappenings } from './use-happenings';

/** So many of each are read. */
const FIRST = 20;
const SHOWN = 10;

interface RecentProps {
  /** The object whose changes they are: of a pod its workload, undefined where it has none. */
  changed: string | undefined;
  /** The object that the events are about. Another one is a later state of it. */
  row: { id: string };
  /** What it is that stands there, where that is not the object alone. */
  note?: string;
}

/** What happened last to an object, beside what it is. */
export function Recent({ changed, row, note }: RecentProps) {
  const { t } = useTranslation();
  const { happenings, error, retry } = useHappenings(changed, FIRST, row);
  return (
    <section className="panel" aria-labelledby="recent" data-testid="recent">
      <div className="panel-head">
        <h2 id="recent">{t('detail.tab.history')}</h2>
        {changed && (
          <Link href={`${pageOf(changed)}?tab=history`} prefetch={false} scroll={false}>
            {t('problems.allChanges')}
          </Link>
        )}
      </div>
      {note && <p className="quiet">{note}</p>}
      <WindowRows
        rows={happenings?.slice(0, SHOWN)}
        error={error}
        retry={retry}
        height={8}
        empty={<Empty text={t('history.none')} />}
      >
        {(rows) => (
          <Timeline
            // Of a pod of no workload, no change is recorded.
            isComplete={!error && changed !== undefined}
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
