import { useTranslation } from 'react-i18next';
import { partsOf } from '@/features/causes/place';
import { useLazyLastOperationQuery } from '@/features/operations/api';
import { nowWords } from '@/features/operations/now-words';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import { isAfter } from '@/graphql/position';
import { serverWord } from '@/language/texts';
import type { Current } from '@/resource/action';
import { useTimes } from '@/ui/feedback/times';
import type { useWorkloadQuery } from './api';

/** Reads a workload again, and finds who changed it after a position of the log. */
export function useReload(id: string, refetch: ReturnType<typeof useWorkloadQuery>['refetch']) {
  const { t } = useTranslation();
  const times = useTimes();
  const [readLastOperation] = useLazyLastOperationQuery();
  return async (after: string): Promise<Current<WorkloadRowFragment> | null> => {
    const [{ data }, { data: last }] = await Promise.all([refetch(), readLastOperation(id)]);
    const row = data?.workload;
    if (!row) return null;
    const isCause = last && isAfter(last.lastPosition, after);
    const change = isCause
      ? t('command.changedBy', {
          name: last.actor?.displayName ?? t('component.system'),
          what: serverWord(t, 'operationKind', last.kind),
          age: times.when(Date.parse(last.requestedAt), Date.now()),
        })
      : t('command.changedOutside');
    const summary = nowWords(t, partsOf(id).kind, row);
    return { row, position: data.position, change, summary };
  };
}
