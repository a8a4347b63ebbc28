import { useTranslation } from 'react-i18next';
import { Age } from '@/ui/feedback/age';
import { useKnownClusters } from './api';
import { clusterOf } from './cluster-of';

/** How long before a cause a change still counts as just before it. */
const BEFORE_MS = 30 * 60_000;

interface Props {
  /** The id of the object. */
  object: string;
  /** When its cause began. */
  since: string;
  /** That nothing was recorded, in the words of the place. */
  words: string;
}

/** No change was recorded just before; where the record of the cluster is younger than that, since when there is one. */
export function NothingBefore({ object, since, words }: Props) {
  const { t } = useTranslation();
  const cluster = clusterOf(object);
  const begin = useKnownClusters()?.find(({ id }) => id === cluster)?.recordedSince;
  if (!begin || Date.parse(begin) <= Date.parse(since) - BEFORE_MS) return words;
  return (
    <>
      {t('cause.recordedLate')} <Age at={begin} />
    </>
  );
}
