'use client';

import dynamic from 'next/dynamic';
import { useTranslation } from 'react-i18next';
import { EditButton } from '@/features/edit/edit-button';
import { useOperationsQuery } from '@/features/operations/api';
import type { WorkloadDetailFragment, WorkloadRowFragment } from '@/graphql/generated/graphql';
import { Actions } from '@/resource/actions';
import { type DetailSpec, ResourceDetail } from '@/resource/resource-detail';
import { useObjectId } from '@/resource/use-object-id';
import { Loading } from '@/ui/feedback/loading';
import { offers } from './actions';
import { creationOf, useWorkloadQuery, workloadsApi } from './api';
import { DeletionFacts } from './deletion';
import { StateLine } from './state-line';
import { Trouble } from './trouble';
import { useReload } from './use-reload';

const Creation = dynamic(() => import('./creation').then((module) => module.Creation), {
  ssr: false,
  loading: () => <Loading />,
});
const Recent = dynamic(() => import('@/features/history/recent').then((module) => module.Recent), {
  ssr: false,
  loading: () => <Loading />,
});
const InFlight = dynamic(() => import('@/features/operations/in-flight').then((module) => module.InFlight), {
  ssr: false,
});
const Overview = dynamic(() => import('./overview').then((module) => module.Overview), {
  ssr: false,
  loading: () => <Loading />,
});
const Pods = dynamic(() => import('@/features/pods/list').then((module) => module.Pods), {
  ssr: false,
  loading: () => <Loading />,
});
const Runs = dynamic(() => import('./runs').then((module) => module.Runs), {
  ssr: false,
  loading: () => <Loading />,
});
const PodLogs = dynamic(() => import('@/features/pods/logs/logs').then((module) => module.PodLogs), {
  ssr: false,
  loading: () => <Loading />,
});
const ResourceMonitor = dynamic(
  () => import('@/features/pods/metrics/monitor').then((module) => module.ResourceMonitor),
  { ssr: false, loading: Loading },
);
const Events = dynamic(() => import('@/features/events/list').then((module) => module.Events), {
  ssr: false,
  loading: () => <Loading />,
});
const History = dynamic(() => import('@/features/history/history').then((module) => module.History), {
  ssr: false,
  loading: () => <Loading />,
});
const Related = dynamic(() => import('@/features/objects/related').then((module) => module.Related), {
  ssr: false,
  loading: () => <Loading />,
});
const Versions = dynamic(() => import('@/features/objects/versions').then((module) => module.Versions), {
  ssr: false,
  loading: () => <Loading />,
});
const Manifest = dynamic(() => import('./manifest').then((module) => module.Manifest), {
  ssr: false,
  loading: () => <Loading />,
});

const hasPods = ({ kind }: WorkloadRowFragment) => kind !== 'CRON_JOB';

const spec: DetailSpec<WorkloadDetailFragment> = {
  name: 'workload',
  path: 'workloads',
  list: '/workloads',
  texts: {
    title: 'detail.title',
    missing: 'detail.missing',
    gone: 'detail.gone',
    goneShown: 'detail.goneShown',
    toList: 'detail.toList',
  },
  nameOf: ({ name }) => name,
  placeOf: (t, { kind, namespace, cluster }) =>
    [t(`workloadKind.${kind}`), namespace, cluster.name].join(' · '),
  State: ({ row }) => <StateLine workload={row} />,
  Cause: ({ row, isBrief }) => <Trouble workload={row} isBrief={isBrief} />,
  Ongoing: ({ row }) => <InFlight object={row} />,
  Side: ({ row }) => <Recent key={row.id} changed={row.id} row={row} />,
  tabs: [
    { key: 'overview', title: 'detail.tab.overview', Content: ({ row }) => <Overview workload={row} /> },
    // A CronJob has runs, and those have pods.
    { key: 'pods', title: 'detail.pods', isOf: hasPods, Content: ({ row }) => <Pods workload={row} /> },
    {
      key: 'runs',
      title: 'detail.runs',
      isOf: (row) => !hasPods(row),
      Content: ({ row }) => <Runs cronJob={row} />,
    },
    { key: 'logs', title: 'detail.tab.logs', Content: ({ row }) => <PodLogs workload={row} /> },
    {
      key: 'metrics',
      title: 'detail.tab.metrics',
      Content: ({ row }) => <ResourceMonitor filter={{ workload: row.id }} />,
    },
    { key: 'events', title: 'detail.tab.events', Content: ({ row }) => <Events of={row} /> },
    { key: 'yaml', title: 'detail.tab.yaml', Content: ({ row }) => <Manifest workload={row} /> },
    { key: 'related', title: 'detail.tab.related', Content: ({ row }) => <Related of={row} /> },
    {
      key: 'history',
      isAlone: true,
      title: 'detail.tab.history',
      Content: ({ row }) => <History key={row.id} id={row.id} row={row} />,
    },
    { key: 'versions', title: 'detail.tab.versions', Content: ({ row }) => <Versions of={{ id: row.id }} /> },
  ],
};

export function WorkloadDetail() {
  const { t } = useTranslation();
  const id = useObjectId();
  const { currentData: data, error, refetch, fulfilledTimeStamp } = useWorkloadQuery(id);
  const reload = useReload(id, refetch);
  const row = data?.workload;
  const end = useEnd(id, data?.isGone ?? false, Boolean(row));
  const coming = useComing(id, row === null);
  return (
    <ResourceDetail
      spec={spec}
      row={row}
      isGone={data?.isGone ?? false}
      end={coming === undefined ? undefined : end}
      coming={coming}
      error={error}
      retry={refetch}
      asOf={fulfilledTimeStamp}
      actions={
        row && (
          <>
            <EditButton id={row.id} name={row.name} />
            <Actions
              row={row}
              position={data.position}
              offers={offers(row)}
              accepted={() => void refetch()}
              reload={reload}
            />
          </>
        )
      }
      missing={
        <>
          <h2>{t('detail.tab.history')}</h2>
          <History key={id} id={id} />
        </>
      }
    />
  );
}

const { useQueryState, useQuerySubscription } = workloadsApi.endpoints.deletion;
const POLL_MS = 2_000;

/** The end of a workload that is gone. The audit log may show it a moment after the workload went. */
function useEnd(id: string, isGone: boolean, wasShown: boolean) {
  const { currentData: data, isError } = useQueryState(id);
  useQuerySubscription(id, { skip: !isGone, pollingInterval: wasShown && !data ? POLL_MS : 0 });
  if (isError) return null;
  return data && { name: id.split('~').at(-1) ?? id, facts: <DeletionFacts deletion={data} /> };
}

/** The operation that creates a workload of which the cluster has reported nothing since; undefined while not known. */
function useComing(id: string, isMissing: boolean) {
  const last = useOperationsQuery({ filter: { target: id }, first: 1 }, { skip: !isMissing });
  const deletion = useQueryState(id);
  if (!isMissing) return null;
  if ([last, deletion].some(({ currentData, error }) => currentData === undefined && !error))
    return undefined;
  const operation = creationOf(last.currentData?.nodes, deletion.currentData);
  return operation && { name: operation.target.name, facts: <Creation operation={operation} /> };
}
