import { useTranslation } from 'react-i18next';
import { useKnownClusters } from './api';

/**
 * Why a list of these kinds may be empty although there are such objects: none of the kinds may be read. Null where one
 * of them may. Without a cluster, all clusters are meant.
 */
export function useMissingKinds(kinds: readonly string[], cluster?: string | null): string | null {
  const { t, i18n } = useTranslation();
  const known = useKnownClusters();
  const isUnreadable = (kind: string) =>
    known?.some(
      ({ id, unreadable }) => (!cluster || id === cluster) && unreadable.some((one) => one.kind === kind),
    );
  if (kinds.length === 0 || !kinds.every(isUnreadable)) return null;
  return t('unreadable.empty', { kinds: new Intl.ListFormat(i18n.language).format(kinds) });
}
