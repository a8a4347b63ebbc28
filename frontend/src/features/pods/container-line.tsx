import { useTranslation } from 'react-i18next';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';

/** One container of a pod: what it is beside the main ones, its state, and how it ended, now or the last time. */
export function ContainerLine({ container }: { container: PodRowFragment['containers'][number] }) {
  const { t } = useTranslation();
  const { name, role, state, reason, termination } = container;
  const end = termination && [
    t(state === 'terminated' ? 'pods.ended' : 'pods.endedBefore', { exitCode: termination.exitCode }),
    ...(termination.reason && termination.reason !== reason ? [termination.reason] : []),
    ...(termination.signal ? [t('pods.signal', { signal: termination.signal })] : []),
  ];
  return (
    <div className="wrap" data-testid="pod-container">
      {name}
      {role !== 'main' && (
        <span className="quiet">{t('mark.note', { text: serverWord(t, 'containerRole', role) })}</span>
      )}
      {t('mark.colon')}
      {reason ?? serverWord(t, 'containerState', state)}
      {end && <div className="quiet">{end.join(t('mark.comma'))}</div>}
    </div>
  );
}
