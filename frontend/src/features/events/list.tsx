import { Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { ObjectLink } from '@/features/causes/object-link';
import { clusterOf } from '@/features/clusters/cluster-of';
import { useMissingKinds } from '@/features/clusters/use-missing-kinds';
import type { EventRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { ResourceTable } from '@/resource/lazy-table';
import { type ListSpec, ResourceList } from '@/resource/resource-list';
import type { Column } from '@/resource/resource-table';
import { useReread } from '@/resource/use-reread';
import { Age } from '@/ui/feedback/age';
import { useAddress } from '@/ui/hooks/use-address';
import { type EventWindowArgs, eventsApi, useEventsQuery } from './api';
import { eventCsv } from './csv';

const columns: readonly Column<EventRowFragment>[] = [
  { title: 'events.type', width: 100, narrow: 84, cell: ({ type }) => <Type type={type} /> },
  {
    title: 'events.reason',
    width: 170,
    narrow: 110,
    cell: ({ reason }) => <Reason reason={reason} />,
  },
  {
    title: 'events.message',
    width: 380,
    narrow: 150,
    cell: ({ message }) => <div className="wrap">{message}</div>,
  },
  { title: 'events.count', width: 70, cell: ({ count }) => <span className="number">{count}</span> },
  { title: 'events.last', width: 120, cell: ({ lastSeen }) => <Age at={lastSeen} /> },
  {
    title: 'events.object',
    width: 150,
    cell: ({ objectId, container }) => (
      <div className="wrap">
        <ObjectLink id={objectId} />
        {container && <div className="quiet">{container}</div>}
      </div>
    ),
  },
];

/** Marked where evidence leads to the events of this reason. */
function Reason({ reason }: { reason: string }) {
  const isMarked = useAddress().get('reason') === reason;
  return (
    <div className="wrap" aria-current={isMarked || undefined}>
      {isMarked ? <mark>{reason}</mark> : reason}
    </div>
  );
}

function Type({ type }: { type: string }) {
  const { t } = useTranslation();
  return (
    <span className={type === 'Warning' ? 'warn-text' : undefined}>
      {serverWord(t, 'kubernetesEventType', type)}
    </span>
  );
}

const eventList: ListSpec<EventRowFragment, EventWindowArgs> = {
  name: 'event',
  title: 'events.title',
  useQuery: useEventsQuery,
  first: 100,
  idOf: ({ id }) => id,
  columns,
  csv: eventCsv,
  filters: [{ key: 'q', field: 'search', control: 'search', label: 'events.search' }],
  Rows: (props) => (
    <ResourceTable
      {...props}
      name="event"
      columns={columns}
      data={({ type, reason }) => ({ 'data-type': type, 'data-reason': reason })}
    />
  ),
  none: 'events.none',
  noneMatch: 'events.noneMatch',
  useMissing: ({ about }) => useMissingKinds(['Event'], clusterOf(about)),
};

/** That there are no warnings does not mean that there are no events. */
const warningList: typeof eventList = { ...eventList, none: 'events.noneMatch' };

/** In the address. */
const WARNINGS = 'warnings';

/** What Kubernetes reported about an object and those that belong to it, the newest first. */
export function Events({ of }: { of: { id: string } }) {
  const { t } = useTranslation();
  const { get, set } = useAddress();
  const dispatch = useDispatch();
  const onlyWarnings = get('only') === WARNINGS;
  useReread(() => dispatch(eventsApi.util.invalidateTags(['KubernetesEvent'])), of);
  return (
    <div className="stack">
      <Radio.Group
        value={onlyWarnings ? WARNINGS : 'all'}
        onChange={({ target }) => set({ only: target.value === WARNINGS ? WARNINGS : null })}
        optionType="button"
        aria-label={t('events.type')}
        options={[
          { value: 'all', label: t('history.all') },
          { value: WARNINGS, label: t('events.warnings') },
        ]}
      />
      <ResourceList
        list={onlyWarnings ? warningList : eventList}
        within={{ about: of.id, ...(onlyWarnings && { type: 'WARNING' as const }) }}
      />
    </div>
  );
}
