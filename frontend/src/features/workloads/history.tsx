import { Button, Radio } from 'antd';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { eventsApi, useEventsQuery } from '@/features/events/api';
import { useOperationsQuery } from '@/features/operations/api';
import { objectPath } from '@/resource/path';
import { useReread } from '@/resource/use-reread';
import { WindowRows } from '@/resource/window-rows';
import { Timeline } from '@/ui/evidence/timeline';
import { Empty } from '@/ui/feedback/empty';
import { useAddress } from '@/ui/hooks/use-address';
import { useRevisionsQuery, workloadsApi } from './api';
import { type Happening, happeningsOf, isByPerson } from './changes';
import { HappeningEntry, markOf } from './happening';

const FIRST = 50;
/** The server refuses documents that are dearer. What is older is in the audit log. */
const MOST = 100;

interface HistoryProps {
  id: string;
  /** Without it the workload does not exist any more: its operations are kept, its changes are in the audit log. */
  workload?: { id: string };
}

/** What happened to a workload: operations, changes by others and Kubernetes events on one line of time. */
export function History({ id, workload }: HistoryProps) {
  const { t } = useTranslation();
  const address = useAddress();
  const [first, setFirst] = useState(FIRST);
  const sources = useSources(id, first, workload);
  const { operations, revisions } = sources.parts;
  const onlyPeople = address.get('who') === 'people';
  const isMore = [operations, revisions].some((part) => part?.pageInfo.hasNextPage);
  const happenings = sources.isKnown ? happeningsOf(sources.parts) : undefined;
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
        error={sources.error}
        retry={sources.retry}
        height={10}
        empty={<Empty text={t(workload ? 'history.none' : 'detail.noHistory')} />}
      >
        {(rows) => (
          <section className="panel" aria-label={t('detail.tab.history')}>
            <Timeline
              // Whoever hides entries cannot say that nothing happened between the others.
              isComplete={!onlyPeople && !sources.error}
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
      {sources.parts.events?.pageInfo.hasNextPage && (
        <Link href={`${objectPath('workloads', id)}?tab=events`} prefetch={false}>
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

/** The three lists that are joined. A list that cannot be read leaves the others on the screen. */
function useSources(id: string, first: number, workload?: { id: string }) {
  const dispatch = useDispatch();
  const skip = { skip: !workload };
  const operations = useOperationsQuery({ filter: { target: id }, first });
  const revisions = useRevisionsQuery({ filter: { workload: id }, first, after: null }, skip);
  const events = useEventsQuery({ filter: { about: 'workload', id }, first, after: null }, skip);
  useReread(() => {
    dispatch(workloadsApi.util.invalidateTags(['Revision']));
    dispatch(eventsApi.util.invalidateTags(['KubernetesEvent']));
  }, workload);
  const all = workload ? [operations, revisions, events] : [operations];
  return {
    parts: { operations: operations.data, revisions: revisions.data, events: events.data },
    isKnown: all.some(({ data }) => data) && all.every(({ data, error }) => data ?? error),
    error: all.find(({ error }) => error)?.error,
    retry: () => {
      for (const { refetch } of all) void refetch();
    },
  };
}
