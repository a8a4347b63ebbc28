import { useTranslation } from 'react-i18next';
import type { OverviewQuery } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';

interface LeadProps {
  /** Undefined until it is read. */
  overview: OverviewQuery['overview'] | undefined;
}

/** The page in one line: how many causes, what they stop, and since when. Its place is kept until it is known. */
export function Lead({ overview }: LeadProps) {
  const { t } = useTranslation();
  const problems = overview?.problems;
  const [worst] = problems?.nodes ?? [];
  const workloads = overview?.workloads.reduce((sum, { count }) => sum + count, 0) ?? 0;
  return (
    <p className="quiet lead" data-testid="lead">
      {worst && problems && (
        <>
          <strong>
            {t(problems.hasMore ? 'problems.moreCauses' : 'problems.causes', {
              count: problems.nodes.length,
            })}
          </strong>
          {' · '}
          {t('problems.victims', { count: sum(problems.nodes.map(({ victimCount }) => victimCount)) })}
          {worst.since && (
            <>
              {' · '}
              {t('problems.worstBegan')} <Age at={worst.since} />
            </>
          )}
        </>
      )}
      {problems && !worst && workloads > 0 && t('problems.allWell', { count: workloads })}
    </p>
  );
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
