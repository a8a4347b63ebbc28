import { useTranslation } from 'react-i18next';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';
import { duration } from '@/ui/feedback/times';

type Termination = NonNullable<PodRowFragment['containers'][number]['termination']>;

/** How a container ended: its reason, exit code and signal, how long it had run, and when. */
export function LastTermination({ termination }: { termination: Termination }) {
  const { t, i18n } = useTranslation();
  const ran = ranFor(termination);
  const { reason, exitCode, signal, finishedAt } = termination;
  const words = [
    t('pods.exitCode', { exitCode }),
    ...(signal ? [t('pods.signal', { signal })] : []),
    ...(ran === null ? [] : [t('pods.ranFor', { time: duration(ran, i18n.language) })]),
  ];
  return (
    <span className="wrap">
      {reason && <strong className={exitCode === 0 ? undefined : 'bad-text'}>{reason} </strong>}
      {words.join(t('mark.comma'))}
      {finishedAt && (
        <span className="quiet">
          {' · '}
          <Age at={finishedAt} />
        </span>
      )}
    </span>
  );
}

/** In milliseconds; null where the cluster does not say when it began or ended. */
function ranFor({ startedAt, finishedAt }: Termination): number | null {
  if (!startedAt || !finishedAt) return null;
  return Date.parse(finishedAt) - Date.parse(startedAt);
}
