import { Button, Radio } from 'antd';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pageOf } from '@/features/causes/place';
import { WindowRows } from '@/resource/window-rows';
import { Timeline } from '@/ui/evidence/timeline';
import { Empty } from '@/ui/feedback/empty';
import { useAddress } from '@/ui/hooks/use-address';
import { type Happening, isByPerson } from './changes';
import { HappeningEntry, markOf } from './happening';
import { useHappenings } from './use-happenings';

const FIRST = 50;
/** The server refuses documents that are dearer. What is older is in the audit log. */
const MOST = 100;

interface HistoryProps {
  id: string;
  /** Without it the object does not exist any more: its operations are kept, its changes are in the audit log. */
  row?: { id: string };
}

/** What happened to an object: operations, changes by others and Kubernetes events on one line of time. */
export function History({ id, row }: HistoryProps) {
  const { t } = useTranslation();
  const address = useAddress();
  const [first, setFirst] = useState(FIRST);
  const { happenings, parts, error, retry } = useHappenings(id, first, row);
  const { operations, revisions } = parts;
  const onlyPeople = address.get('who') === 'people';
  const isMore = [operations, revisions].some((part) => part?.pageInfo.hasNextPage);
  return (
    <div className="stack">
      <Radio.Group
        value={onlyPeople ? 'people' : 'all'}
        onChange={(event) => address.set({ who: event.target.value === 'people' ? 'people' : null })}
        optionType="button"
        aria-label={t('history.who')}
        options={[
          { value: 'all', label: t('history.all') },
          { value: 'people', label: t('history.people') },
        ]}
      />
      <WindowRows
        rows={happenings?.filter((one) => !onlyPeople || isOfPerson(one))}
        error={error}
        retry={retry}
        height={10}
        empty={<Empty text={t(row ? 'history.none' : 'detail.noHistory')} />}
      >
        {(rows) => (
          <section className="panel" aria-label={t('detail.tab.history')}>
            <Timeline
              // Whoever hides entries cannot say that nothing happened between the others.
              isComplete={!onlyPeople && !error}
              entries={rows.map((happening) => ({
                key: happening.key,
                at: happening.at,
                by: markOf(happening),
                content: <HappeningEntry happening={happening} />,
              }))}
            />
          </section>
        )}
      </WindowRows>
      {isMore && first < MOST && (
        <Button onClick={() => setFirst(MOST)} data-testid="history-older">
          {t('history.older')}
        </Button>
      )}
      {isMore && first >= MOST && (
        <p className="quiet" data-testid="history-end">
          {t('history.atMost', { count: MOST })}
        </p>
      )}
      {parts.events?.pageInfo.hasNextPage && (
        <Link href={`${pageOf(id)}?tab=events`} prefetch={false}>
          {t('history.moreEvents')}
        </Link>
      )}
      <Link href={`/audit?target=${encodeURIComponent(id)}`} prefetch={false}>
        {t('detail.toAudit')}
      </Link>
    </div>
  );
}

function isOfPerson(one: Happening): boolean {
  if (one.kind === 'operation') return one.operation.actor !== null;
  return one.kind === 'revision' && isByPerson(one.revision);
}
