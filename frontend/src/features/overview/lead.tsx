import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsPartial } from '@/features/clusters/use-is-partial';
import { isProblem } from '@/features/workloads/states';
import type { OverviewQuery, WorkloadState } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';
import { WATCHED } from './problems';

/** In these a workload serves nobody. */
const OF_NOBODY = ['FAILED', 'UNAVAILABLE'] as const;

interface LeadProps {
  /** Undefined until it is read. */
  overview: OverviewQuery['overview'] | undefined;
}

/** The page in one line: how many causes, what they affect, and since when. Its place is kept until it is known. */
export function Lead({ overview }: LeadProps) {
  const { t, i18n } = useTranslation();
  const isPartial = useIsPartial(WATCHED);
  if (!overview) return <p className="lead" />;
  const { problems, workloads } = overview;
  const [worst] = problems.nodes;
  const number = new Intl.NumberFormat(i18n.language);
  const counted = (isWanted: (state: WorkloadState) => boolean) =>
    workloads.reduce((sum, { state, count }) => (isWanted(state) ? sum + count : sum), 0);
  const all = counted(() => true);
  const affected = counted(isProblem);
  const worstStates = OF_NOBODY.map((state) => ({ state, count: counted((other) => other === state) }));
  if (!worst)
    return (
      <p className="quiet lead" data-testid="lead">
        {all > 0 &&
          (isPartial
            ? t('placeCount.workloads', { count: all, shown: number.format(all) })
            : t('problems.allWell', { count: all, all: number.format(all) }))}
      </p>
    );
  const causes = t(problems.hasMore ? 'problems.moreCauses' : 'problems.causes', {
    count: problems.nodes.length,
  });
  const affect = t('problems.affect', {
    count: problems.nodes.length,
    causes,
    some: number.format(affected),
    workloads: t('placeCount.workloads', { count: all, shown: number.format(all) }),
  });
  return (
    <p className="quiet lead" data-testid="lead">
      {/* What else is affected are pods without a workload. */}
      <strong>{affected > 0 ? affect : causes}</strong>
      {worstStates
        .filter(({ count }) => count > 0)
        .map(({ state, count }) => (
          <Fragment key={state}>
            {' · '}
            <span className="bad-text">
              {t('problems.inState', { count, state: t(`workloadState.${state}`) })}
            </span>
          </Fragment>
        ))}
      {worst.since && (
        <>
          {' · '}
          {t('problems.worstBegan')} <Age at={worst.since} />
        </>
      )}
    </p>
  );
}
