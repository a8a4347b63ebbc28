import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { useWorkloadsQuery, type WorkloadWindowArgs } from '@/features/workloads/api';
import { isProblem, WorkloadStateTag, workloadStates } from '@/features/workloads/states';
import { objectPath } from '@/resource/path';
import { WindowRows } from '@/resource/window-rows';

const states = workloadStates.filter(isProblem);
const problems: WorkloadWindowArgs = {
  filter: { states },
  orderBy: { field: 'STATE', direction: 'ASC' },
  first: 8,
};

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
            {rows.slice(0, problems.first).map(({ id, namespace, name, state, reason }) => (
              <li key={id}>
                <WorkloadStateTag state={state} />
                <Link href={objectPath('workloads', id)} prefetch={false}>
                  {namespace}/{name}
                </Link>
                <span className="quiet">{reason}</span>
              </li>
            ))}
          </ul>
        )}
      </WindowRows>
      {(data?.totalCount ?? 0) > problems.first && (
        <Link href={`/workloads?state=${states.join(',')}`} prefetch={false}>
          {t('dashboard.allProblems', { count: data?.totalCount })}
        </Link>
      )}
    </section>
  );
}
