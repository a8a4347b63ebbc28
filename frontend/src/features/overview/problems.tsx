import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { useIsPartial } from '@/features/clusters/use-is-partial';
import { isProblem, workloadStates } from '@/features/workloads/states';
import type { OverviewQuery } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';
import { Loading } from '@/ui/feedback/loading';
import { ProblemGroup } from './problem-group';

const states = workloadStates.filter(isProblem);

/** The kinds that problems are found in. */
export const WATCHED = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod'];

interface ProblemsProps {
  /** The worst first; undefined until they are read. */
  problems: OverviewQuery['overview']['problems'] | undefined;
  /** When they were read, in milliseconds. */
  asOf?: number;
}

/** What is wrong, grouped by cause. */
export function Problems({ problems, asOf }: ProblemsProps) {
  const { t } = useTranslation();
  const isPartial = useIsPartial(WATCHED);
  return (
    <section className="panel overview-problems" aria-labelledby="problems" data-testid="problems">
      <div className="panel-head">
        <h2 id="problems">{t('dashboard.problems')}</h2>
        {problems && problems.nodes.length > 1 && <span className="quiet">{t('problems.worstFirst')}</span>}
      </div>
      {!problems && <Loading lines={4} />}
      {problems?.nodes.length === 0 && (
        <p>
          {isPartial ? t('problems.noneRead') : <span className="good-text">{t('problems.none')}</span>}{' '}
          {asOf && (
            <span className="quiet">
              {t('problems.asOf')} <Age at={asOf} />
            </span>
          )}
        </p>
      )}
      {problems && problems.nodes.length > 0 && (
        <ul className="problems">
          {problems.nodes.map((problem, index) => (
            <ProblemGroup key={problem.key} problem={problem} isWorst={index === 0} />
          ))}
        </ul>
      )}
      {problems?.hasMore && (
        <p className="quiet">
          {t('problems.more')}{' '}
          <Link href={`/workloads?state=${states.join(',')}`} prefetch={false}>
            {t('dashboard.allProblems')}
          </Link>
        </p>
      )}
    </section>
  );
}
