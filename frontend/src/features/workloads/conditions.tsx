import { useTranslation } from 'react-i18next';
import { CONDITIONS } from '@/features/causes/place';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';

/** What the cluster says of the workload itself, by type. */
export function Conditions({ conditions }: Pick<WorkloadDetailFragment, 'conditions'>) {
  const { t } = useTranslation();
  if (conditions.length === 0) return null;
  return (
    <section className="panel" aria-labelledby={CONDITIONS} ref={shownIfWanted}>
      <h2 id={CONDITIONS}>{t('conditions.title')}</h2>
      <table className="plain" data-testid="conditions">
        <thead>
          <tr>
            <th scope="col">{t('events.type')}</th>
            <th scope="col">{t('conditions.status')}</th>
            <th scope="col">{t('events.reason')}</th>
            <th scope="col">{t('events.message')}</th>
            <th scope="col">{t('workloads.since')}</th>
          </tr>
        </thead>
        <tbody>
          {conditions.map(({ type, status, reason, message, since }) => (
            <tr key={type}>
              <th scope="row">{type}</th>
              <td>{t(`conditions.is.${status}`)}</td>
              <td className="wrap">{reason}</td>
              <td className="wrap">{message}</td>
              <td>{since && <Age at={since} isShort />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The browser looks for the place before the tab is drawn. */
function shownIfWanted(section: HTMLElement | null) {
  if (location.hash === `#${CONDITIONS}`) section?.scrollIntoView();
}
