import { useTranslation } from 'react-i18next';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';

type Termination = NonNullable<PodRowFragment['containers'][number]['termination']>;

/** How a container ended: its reason, exit code and signal, how long it had run, and when. */
export function LastTermination({ termination }: { termination: Termination }) {
  const { t } = useTranslation();
  const { reason, exitCode, signal, finishedAt } = termination;
  const words = [
    t('pods.exitCode', { exitCode }),
    ...(signal ? [t('pods.signal', { signal })] : []),
    ...(ranFor(termination) === null ? [] : [t('pods.ranFor', { seconds: ranFor(termination) })]),
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

/** In seconds; null where the cluster does not say when it began or ended. */
function ranFor({ startedAt, finishedAt }: Termination): number | null {
  if (!startedAt || !finishedAt) return null;
  return Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000);
}
