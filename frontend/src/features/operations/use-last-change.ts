import { useTranslation } from 'react-i18next';
import { isAfter } from '@/graphql/position';
import { serverWord } from '@/language/texts';
import { useTimes } from '@/ui/feedback/times';
import { useLazyLastOperationQuery } from './api';

/** Finds who changed an object after a position of the log, in words. */
export function useLastChange(id: string) {
  const { t } = useTranslation();
  const times = useTimes();
  const [readLastOperation] = useLazyLastOperationQuery();
  return async (after: string): Promise<string> => {
    const { data: last } = await readLastOperation(id);
    if (!last || !isAfter(last.lastPosition, after)) return t('command.changedOutside');
    return t('command.changedBy', {
      name: last.actor?.displayName ?? t('component.system'),
      what: serverWord(t, 'operationKind', last.kind),
      age: times.when(Date.parse(last.requestedAt), Date.now()),
    });
  };
}
