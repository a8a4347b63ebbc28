import { useTranslation } from 'react-i18next';
import { useKnownClusters } from './api';

/**
 * Why a list of these kinds may be empty although there are such objects: none of the kinds may be read. Null where one
 * of them may. Without a cluster, all clusters are meant. Of a single kind the missing rule is named.
 */
export function useMissingKinds(kinds: readonly string[], cluster?: string | null): string | null {
  const { t, i18n } = useTranslation();
  const known = useKnownClusters();
  const unreadable = known?.filter(({ id }) => !cluster || id === cluster).flatMap((one) => one.unreadable);
  const missing = kinds.map((kind) => unreadable?.find((one) => one.kind === kind));
  if (kinds.length === 0 || !missing.every(Boolean)) return null;
  const said = t('unreadable.empty', { kinds: new Intl.ListFormat(i18n.language).format(kinds) });
  const rule = missing.length === 1 ? missing[0]?.message : '';
  return rule ? `${said}${t('mark.space')}${rule}` : said;
}
