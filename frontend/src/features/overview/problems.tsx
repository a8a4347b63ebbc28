import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { useWorkloadsQuery, type WorkloadWindowArgs } from '@/features/workloads/api';
import { explanation } from '@/features/workloads/state-line';
import { isProblem, WorkloadStateTag, workloadStates } from '@/features/workloads/states';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { WindowRows } from '@/resource/window-rows';

const SHOWN = 8;

/** The worst first. */
const states = workloadStates.filter(isProblem);
/** More than are shown: the server sorts states by their letters. */
const problems: WorkloadWindowArgs = {
  filter: { states },
  orderBy: { field: 'STATE', direction: 'ASC' },
  first: 200,
};

const byState = (one: WorkloadRowFragment, other: WorkloadRowFragment) =>
  states.indexOf(one.state) - states.indexOf(other.state);

export function Problems() {
  const { t } = useTranslation();
  const { data, error, refetch, fulfilledTimeStamp } = useWorkloadsQuery(problems);
  return (
    <section className="panel" aria-labelledby="problems" data-testid="problems">
      <h2 id="problems">{t('dashboard.problems')}</h2>
      <WindowRows
        rows={data?.nodes}
        error={error}
        retry={refetch}
        asOf={fulfilledTimeStamp}
        height={2}
        empty={<p className="good-text">{t('dashboard.noProblems')}</p>}
      >
        {(rows) => (
          <ul className="problems">
            {[...rows]
              .sort(byState)
              .slice(0, SHOWN)
              .map((row) => (
                <li key={row.id}>
                  <WorkloadStateTag state={row.state} />
                  <Link href={objectPath('workloads', row.id)} prefetch={false}>
                    {row.namespace}/{row.name}
                  </Link>
                  <span className="quiet">{explanation(row)}</span>
                </li>
              ))}
          </ul>
        )}
      </WindowRows>
      {(data?.totalCount ?? 0) > SHOWN && (
        <Link href={`/workloads?state=${states.join(',')}`} prefetch={false}>
          {t('dashboard.allProblems', { count: data?.totalCount })}
        </Link>
      )}
    </section>
  );
}
