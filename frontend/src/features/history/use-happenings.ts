import { useDispatch } from 'react-redux';
import { eventsApi, useEventsQuery } from '@/features/events/api';
import { useOperationsQuery } from '@/features/operations/api';
import { useReread } from '@/resource/use-reread';
import { historyApi, useRevisionsQuery } from './api';
import { happeningsOf } from './changes';

/**
 * What happened to an object: the operations on it and, as long as it is there, changes of it by others and the Kubernetes
 * events about `row`, of which another one is a later state. The changes of a pod are those of its workload, and a pod of
 * no workload has only events. A list that cannot be read leaves the others on the screen.
 */
export function useHappenings(changed: string | undefined, first: number, row?: { id: string }) {
  const dispatch = useDispatch();
  const isChanged = Boolean(changed && row);
  const operations = useOperationsQuery({ filter: { target: changed }, first }, { skip: !changed });
  const revisions = useRevisionsQuery(
    { filter: { object: changed ?? '' }, first, after: null },
    { skip: !isChanged },
  );
  const events = useEventsQuery({ filter: { about: row?.id ?? '' }, first, after: null }, { skip: !row });
  useReread(() => {
    dispatch(historyApi.util.invalidateTags(['Revision']));
    dispatch(eventsApi.util.invalidateTags(['KubernetesEvent']));
  }, row);
  const all = [...(changed ? [operations] : []), ...(isChanged ? [revisions] : []), ...(row ? [events] : [])];
  const parts = { operations: operations.data, revisions: revisions.data, events: events.data };
  const isKnown = all.some(({ data }) => data) && all.every(({ data, error }) => data ?? error);
  return {
    parts,
    /** The newest first; undefined until all are read. */
    happenings: isKnown ? happeningsOf(parts) : undefined,
    error: all.find(({ error }) => error)?.error,
    retry: () => {
      for (const { refetch } of all) void refetch();
    },
  };
}
