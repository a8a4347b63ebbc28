import { useTranslation } from 'react-i18next';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { useColumnTitle } from '@/resource/columns/column-title';
import { Age } from '@/ui/feedback/age';
import { CONDITIONS } from './place';

interface ConditionsProps extends Pick<WorkloadDetailFragment, 'conditions'> {
  /** Which of them are not here. */
  note?: string;
}

/** What the cluster says of a workload or of a pod itself, by type. */
export function Conditions({ conditions, note }: ConditionsProps) {
  const { t } = useTranslation();
  const titleOf = useColumnTitle();
  if (conditions.length === 0) return null;
  return (
    <section className="panel flush" aria-labelledby={CONDITIONS} ref={shownIfWanted}>
      <h2 id={CONDITIONS} className="panel-title">
        {t('conditions.title')}
      </h2>
      <table className="plain" data-testid="conditions">
        <thead>
          <tr>
            <th scope="col">{[t('events.type'), t('conditions.status')].join(' / ')}</th>
            <th scope="col">{[t('events.reason'), t('events.message')].join(' / ')}</th>
            <th scope="col">{titleOf({ title: 'workloads.since', ageTitle: 'workloads.sinceAge' })}</th>
          </tr>
        </thead>
        <tbody>
          {conditions.map(({ type, status, reason, message, since }) => (
            <tr key={type}>
              <th scope="row">
                {type}
                <div className="quiet">{t(`conditions.is.${status}`)}</div>
              </th>
              <td className="wrap">
                {reason}
                <div className="quiet">{message}</div>
              </td>
              <td className="nowrap">{since && <Age at={since} isShort />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {note && <p className="panel-note quiet">{note}</p>}
    </section>
  );
}

/** The browser looks for the place before the tab is drawn. */
function shownIfWanted(section: HTMLElement | null) {
  if (location.hash === `#${CONDITIONS}`) section?.scrollIntoView();
}
