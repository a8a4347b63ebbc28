'use client';

import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { Cause } from '@/features/causes/cause';
import { Conditions } from '@/features/causes/conditions';
import { NextStepLine } from '@/features/causes/next-step-line';
import { objectWords, pageOf } from '@/features/causes/place';
import { LatestEvents } from '@/features/events/latest';
import { useEnd } from '@/features/history/use-end';
import type { PodDetailFragment } from '@/graphql/generated/graphql';
import { CommonFacts } from '@/resource/common-facts';
import { NO_NAMESPACE, objectPath } from '@/resource/path';
import { type DetailSpec, ResourceDetail } from '@/resource/resource-detail';
import { useObjectId } from '@/resource/use-object-id';
import { errorWords } from '@/ui/feedback/error-words';
import { Loading } from '@/ui/feedback/loading';
import { useAddress } from '@/ui/hooks/use-address';
import { usePodQuery } from './api';
import { readyContainers } from './columns';
import { Containers } from './containers';
import { PodStateTag, reasonOf } from './state';
import { useContainerUsage } from './use-container-usage';

const Recent = dynamic(() => import('@/features/history/recent').then((module) => module.Recent), {
  ssr: false,
  loading: () => <Loading />,
});
const ContainerLogs = dynamic(() => import('./logs/logs').then((module) => module.ContainerLogs), {
  ssr: false,
  loading: () => <Loading />,
});
const ResourceMonitor = dynamic(() => import('./metrics/monitor').then((module) => module.ResourceMonitor), {
  ssr: false,
  loading: () => <Loading />,
});
const Events = dynamic(() => import('@/features/events/list').then((module) => module.Events), {
  ssr: false,
  loading: () => <Loading />,
});
const Related = dynamic(() => import('@/features/objects/related').then((module) => module.Related), {
  ssr: false,
  loading: () => <Loading />,
});

const spec: DetailSpec<PodDetailFragment> = {
  name: 'pod',
  path: 'pods',
  list: '/pods',
  texts: {
    title: 'pods.pod',
    missing: 'pods.missing',
    gone: 'pods.gone',
    goneShown: 'detail.goneShown',
    toList: 'pods.toList',
  },
  nameOf: ({ name }) => name,
  placeOf: (t, { namespace, cluster }) => [t('pods.pod'), namespace, cluster.name].join(' · '),
  State: ({ row }) => {
    const { t } = useTranslation();
    const { phase, ready } = row;
    const containers = readyContainers(row);
    return (
      <>
        <PodStateTag pod={row} />
        {phase === 'Running' && (
          <span data-testid="detail-ready" data-ready={ready}>
            {t('pods.containersReady', {
              ready: containers.ready,
              count: containers.all,
            })}
          </span>
        )}
        {!row.cause && <span className="quiet">{reasonOf(row)}</span>}
      </>
    );
  },
  Cause: ({ row, isBrief }) =>
    row.cause && (
      <Cause cause={row.cause} workload={row.workload?.id} isOpen isBrief={isBrief}>
        <NextStepLine object={row} cause={row.cause} workload={row.workload} />
      </Cause>
    ),
  Side: ({ row }) => <Changes key={row.id} pod={row} />,
  tabs: [
    { key: 'overview', title: 'detail.tab.overview', Content: ({ row }) => <Overview pod={row} /> },
    { key: 'logs', title: 'detail.tab.logs', Content: ({ row }) => <ContainerLogs pod={row} /> },
    {
      key: 'metrics',
      title: 'detail.tab.metrics',
      Content: ({ row }) => (
        <ResourceMonitor
          filter={{ cluster: row.cluster.id, namespaces: [row.namespace], search: row.name }}
          pod={row}
        />
      ),
    },
    { key: 'events', title: 'detail.tab.events', Content: ({ row }) => <Events of={row} /> },
    { key: 'related', title: 'detail.tab.related', Content: ({ row }) => <Related of={row} /> },
  ],
};

/** The page of one pod. */
export function PodDetail() {
  const id = useObjectId();
  const { currentData: data, error, refetch, fulfilledTimeStamp } = usePodQuery(id);
  const isGone = data?.isGone ?? false;
  const end = useEnd(id, isGone, Boolean(data?.pod));
  return (
    <ResourceDetail
      spec={spec}
      row={data?.pod}
      isGone={isGone}
      end={end}
      error={error}
      retry={refetch}
      asOf={fulfilledTimeStamp}
      actions={null}
      missing={null}
    />
  );
}

/** What changed in the workload that it is made by, and went wrong with the pod. */
function Changes({ pod }: { pod: PodDetailFragment }) {
  const { t } = useTranslation();
  const { workload } = pod;
  return (
    <Recent
      changed={workload?.id}
      row={pod}
      note={workload ? t('pods.changesOf', { workload: objectWords(workload.id) }) : t('pods.ofNoWorkload')}
    />
  );
}

function Overview({ pod }: { pod: PodDetailFragment }) {
  const { t } = useTranslation();
  const { get } = useAddress();
  const { workload, node, createdAt } = pod;
  const usage = useContainerUsage(pod);
  return (
    <div className="stack">
      <Containers pods={[pod]} usage={usage.containers} marked={get('container')} />
      {usage.trouble?.kind === 'unavailable' && (
        <p className="quiet" data-testid="usage-unavailable">
          {t('usage.unavailable', { clusters: pod.cluster.name })} {usage.trouble.message}
        </p>
      )}
      {usage.trouble?.kind === 'failed' && (
        <p className="quiet" data-testid="usage-failed">
          {t('usage.failed', { message: errorWords(t, usage.trouble.error).what })}{' '}
          {errorWords(t, usage.trouble.error).detail}
        </p>
      )}
      <div className="columns from-top">
        <LatestEvents of={pod} href={`${objectPath('pods', pod.id)}?tab=events`} />
        <div className="stack">
          <section className="panel" aria-labelledby="setup">
            <h2 id="setup">{t('detail.tab.yaml')}</h2>
            <dl className="facts">
              <dt>{t('pods.node')}</dt>
              <dd>
                {node ? (
                  <Link
                    href={pageOf(['Node', pod.cluster.id, NO_NAMESPACE, node].join('~'))}
                    prefetch={false}
                  >
                    {node}
                  </Link>
                ) : (
                  t('pods.noNode')
                )}
              </dd>
              {workload && (
                <>
                  <dt>{t('detail.owner')}</dt>
                  <dd>
                    <Link
                      href={objectPath('workloads', workload.id)}
                      prefetch={false}
                      data-testid="detail-owner"
                    >
                      {t(`workloadKind.${workload.kind}`)} {workload.name}
                    </Link>
                  </dd>
                </>
              )}
              <CommonFacts createdAt={createdAt} labels={pod.labels} />
            </dl>
          </section>
          <Conditions conditions={pod.conditions} note={t('conditions.ofPod')} />
        </div>
      </div>
    </div>
  );
}
