import { useDispatch } from 'react-redux';
import { eventsApi, useEventsQuery } from '@/features/events/api';
import { useOperationsQuery } from '@/features/operations/api';
import { useReread } from '@/resource/use-reread';
import { useRevisionsQuery, workloadsApi } from './api';
import { happeningsOf } from './changes';

/**
 * What happened to an object: operations and, as long as the workload is there, changes by others and Kubernetes
 * events. A list that cannot be read leaves the others on the screen.
 */
export function useHappenings(id: string, first: number, workload?: { id: string }) {
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
