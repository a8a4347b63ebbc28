'use client';

import { PlusOutlined } from '@ant-design/icons';
import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { useIsPartial } from '@/features/clusters/use-is-partial';
import { isProblem as isFailure, operationStates } from '@/features/operations/states';
import { podPhases } from '@/features/pods/state';
import { isProblem, workloadStates } from '@/features/workloads/states';
import type { GraphqlError } from '@/graphql/error';
import type { OverviewQuery } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { LinkButton } from '@/ui/controls/link-button';
import { Empty } from '@/ui/feedback/empty';
import { Problem } from '@/ui/feedback/problem';
import { PageHead } from '@/ui/page-head';
import { useOverviewQuery } from './api';
import { Capacity } from './capacity';
import { Changes } from './changes';
import { Counts } from './counts';
import { InFlight } from './in-flight';
import { Lead } from './lead';
import { Problems, WATCHED } from './problems';

/** While nothing changes, this often it is read that nothing did. */
const AS_OF_MS = 60_000;

export function ContainerDashboard() {
  const { t } = useTranslation();
  const overview = useOverviewQuery(undefined, { pollingInterval: AS_OF_MS });
  const { data, fulfilledTimeStamp } = overview;
  const error = overview.error as GraphqlError | undefined;
  const total = data?.workloads.reduce((sum, { count }) => sum + count, 0);
  // One failure has one box: without anything to show, no panel waits beside it.
  const isFailed = Boolean(error) && !data;
  const isPartial = useIsPartial(WATCHED);
  const isEmpty = total === 0 && data?.problems.nodes.length === 0;

  return (
    <>
      <PageHead title={t('dashboard.title')} lead={<Lead overview={data} />}>
        <LinkButton icon={<PlusOutlined />} href="/workloads/new" data-testid="create">
          {t('workloads.create')}
        </LinkButton>
      </PageHead>
      {error && <Problem error={error} retry={overview.refetch} asOf={data && fulfilledTimeStamp} />}
      <div className="overview">
        {isFailed ? null : isEmpty ? (
          <section className="panel overview-problems">
            <Empty text={t(isPartial ? 'dashboard.emptyRead' : 'dashboard.empty')}>
              <Link href="/workloads/new">{t('workloads.createFirst')}</Link>
            </Empty>
          </section>
        ) : (
          <Problems problems={data?.problems} asOf={fulfilledTimeStamp} />
        )}
        {!isFailed && <Changes changes={data?.changes} />}
        <InFlight />
        {!isFailed && (
          <div className="overview-rest">
            <Capacity />
            <AllCounts data={data} />
          </div>
        )}
      </div>
    </>
  );
}

/** How many there are of each, in each state. */
function AllCounts({ data }: { data: OverviewQuery['overview'] | undefined }) {
  const { t } = useTranslation();
  return (
    <div className="columns">
      <section className="panel" aria-labelledby="count-workloads">
        <h2 id="count-workloads">{t('dashboard.workloads')}</h2>
        <Counts
          counts={inOrder(data?.workloads, ({ state }) => workloadStates.indexOf(state))?.map(
            ({ state, count }) => ({
              key: state,
              label: t(`workloadState.${state}`),
              count,
              href: `/workloads?state=${state}`,
              bad: isProblem(state),
            }),
          )}
        />
      </section>
      <section className="panel" aria-labelledby="count-pods">
        <h2 id="count-pods">{t('dashboard.pods')}</h2>
        <Counts
          counts={inOrder(data?.pods, ({ phase }) => podPhases.indexOf(phase))?.map(({ phase, count }) => ({
            key: phase,
            label: serverWord(t, 'podPhase', phase),
            count,
            href: `/pods?state=${phase}`,
            bad: phase === 'Failed',
          }))}
        />
      </section>
      <section className="panel" aria-labelledby="count-operations">
        <h2 id="count-operations">{t('dashboard.operations')}</h2>
        <Counts
          counts={inOrder(data?.operations, ({ state }) => operationStates.indexOf(state))?.map(
            ({ state, count }) => ({
              key: state,
              label: t(`operationState.${state}`),
              count,
              href: `/operations?state=${state}`,
              bad: isFailure(state),
            }),
          )}
        />
      </section>
    </div>
  );
}

/** In the order that the reader expects: the worst first, or as one follows the other. */
function inOrder<Count>(counts: readonly Count[] | undefined, place: (count: Count) => number) {
  return counts && [...counts].sort((one, other) => place(one) - place(other));
}
