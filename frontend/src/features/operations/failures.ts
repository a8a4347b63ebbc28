import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { objectPath } from '@/resource/path';
import { useSession } from '@/session/session-slice';
import { toast } from '@/ui/feedback/toast';

/** All of the reader's own that failed. */
const ALL = '/operations?who=me&state=FAILED';
/** More at once are reported in one sentence. */
const ONE_BY_ONE = 3;

/** Reports failures of the reader's own operations on any page: until then, they only read that it was accepted. */
export function useFailures(operations: OperationFieldsFragment[] | undefined) {
  const { t } = useTranslation();
  const viewer = useSession().session?.viewer.id;
  const reported = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!operations) return;
    const failed = operations.filter(({ state, actor }) => state === 'FAILED' && actor?.id === viewer);
    // Failures from before the page was opened are not reported.
    const fresh = reported.current ? failed.filter(({ id }) => !reported.current?.has(id)) : [];
    if (fresh.length > ONE_BY_ONE)
      toast({ text: t('tray.failedMany', { count: fresh.length }), tone: 'bad', href: ALL });
    else
      for (const { id, kind, target, error } of fresh) {
        const what = serverWord(t, 'operationKind', kind);
        const text = t('tray.failed', { what, name: target.name, message: error?.message ?? '' });
        toast({ text, tone: 'bad', href: objectPath('operations', id) });
      }
    reported.current = new Set([...(reported.current ?? []), ...failed.map(({ id }) => id)]);
  }, [operations, viewer, t]);
}
