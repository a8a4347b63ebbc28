import { useTranslation } from 'react-i18next';
import { partsOf } from '@/features/causes/place';
import { nowWords } from '@/features/operations/now-words';
import { useLastChange } from '@/features/operations/use-last-change';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import type { Current } from '@/resource/action';
import type { useWorkloadQuery } from './api';

/** Reads a workload again, and finds who changed it after a position of the log. */
export function useReload(id: string, refetch: ReturnType<typeof useWorkloadQuery>['refetch']) {
  const { t } = useTranslation();
  const lastChange = useLastChange(id);
  return async (after: string): Promise<Current<WorkloadRowFragment> | null> => {
    const [{ data }, change] = await Promise.all([refetch(), lastChange(after)]);
    const row = data?.workload;
    if (!row) return null;
    const summary = nowWords(t, partsOf(id).kind, row);
    return { row, position: data.position, change, summary };
  };
}
