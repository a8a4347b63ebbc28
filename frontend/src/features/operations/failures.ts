import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { useSession } from '@/session/session-slice';
import { toast } from '@/ui/feedback/toast';

/** Long enough to read why. */
const SHOWN_MS = 15_000;
/** More at once are told in one sentence. */
const ONE_BY_ONE = 3;

/** Tells whoever asked that it failed, wherever they are by then: "accepted" was the last they heard of it. */
export function useFailures(operations: OperationFieldsFragment[] | undefined) {
  const { t } = useTranslation();
  const viewer = useSession().session?.viewer.id;
  const told = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!operations) return;
    const failed = operations.filter(({ state, actor }) => state === 'FAILED' && actor?.id === viewer);
    // What failed before the page was opened is no news.
    const news = told.current ? failed.filter(({ id }) => !told.current?.has(id)) : [];
    if (news.length > ONE_BY_ONE) toast(t('tray.failedMany', { count: news.length }), SHOWN_MS);
    else
      for (const { kind, target, error } of news) {
        const what = serverWord(t, 'operationKind', kind);
        toast(t('tray.failed', { what, name: target.name, message: error?.message ?? '' }), SHOWN_MS);
      }
    told.current = new Set([...(told.current ?? []), ...failed.map(({ id }) => id)]);
  }, [operations, viewer, t]);
}
