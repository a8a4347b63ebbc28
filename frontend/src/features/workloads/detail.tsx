'use client';

import { Alert, Skeleton, Tabs } from 'antd';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { Empty } from '@/ui/feedback/empty';
import { Problem } from '@/ui/feedback/problem';
import { useAddress } from '@/ui/hooks/use-address';
import { PageHead } from '@/ui/page-head';
import { Actions } from './actions';
import { useWorkloadQuery } from './api';
import { History } from './history';
import { Overview } from './overview';
import { readiness } from './readiness';
import { WorkloadStateTag } from './states';
import { useWorkloadId } from './use-workload-id';

const loading = () => <Skeleton active title={false} paragraph={{ rows: 8 }} />;
const PodLogs = dynamic(() => import('@/features/pods/logs/logs').then((module) => module.PodLogs), {
  ssr: false,
  loading,
});
const ResourceMonitor = dynamic(
  () => import('@/features/pods/metrics/monitor').then((module) => module.ResourceMonitor),
  {
    ssr: false,
    loading,
  },
);
const Manifest = dynamic(() => import('./manifest').then((module) => module.Manifest), {
  ssr: false,
  loading,
});

const tabs = ['overview', 'logs', 'metrics', 'yaml', 'history'] as const;

export function WorkloadDetail() {
  const { t } = useTranslation();
  const id = useWorkloadId();
  const address = useAddress();
  const { data, error, refetch, fulfilledTimeStamp } = useWorkloadQuery(id);
  const workload = data?.workload;
  const tab = tabs.find((one) => one === address.get('tab')) ?? 'overview';

  if (!workload) {
    return (
      <>
        <PageHead title={t('detail.title')} />
        {error && <Problem error={error as GraphqlError} retry={refetch} />}
        {!data && !error && loading()}
        {data && (
          <>
            <section className="panel" data-testid="workload-missing">
              <Empty text={t('detail.missing')}>
                <Link href="/workloads">{t('detail.toList')}</Link>
              </Empty>
            </section>
            <h2>{t('detail.tab.history')}</h2>
            <History id={id} />
          </>
        )}
      </>
    );
  }

  const reload = async () => (await refetch()).data?.workload ?? null;
  const pods = readiness(workload);
  const content = {
    overview: <Overview workload={workload} />,
    logs: <PodLogs workload={workload} />,
    metrics: <ResourceMonitor workload={workload} />,
    yaml: <Manifest workload={workload} />,
    history: <History id={id} />,
  };
  return (
    <>
      <PageHead
        title={workload.name}
        lead={
          <p className="quiet">
            {t(`workloadKind.${workload.kind}`)} · {workload.namespace} · {workload.cluster.name}
          </p>
        }
      >
        {!data.isGone && <Actions workload={workload} reload={reload} />}
      </PageHead>
      {error && <Problem error={error as GraphqlError} retry={refetch} asOf={fulfilledTimeStamp} />}
      {data.isGone ? (
        <Alert
          type="info"
          showIcon
          data-testid="workload-gone"
          title={t('detail.gone')}
          action={<Link href="/workloads">{t('detail.toList')}</Link>}
        />
      ) : (
        <p className="state-line" data-testid="detail-state">
          <WorkloadStateTag state={workload.state} />
          <span data-testid="detail-ready">
            {pods && t('detail.ready', pods)}
            {pods && pods.surplus > 0 && t('detail.surplus', pods)}
          </span>
          <span className="quiet">{workload.reason}</span>
        </p>
      )}
      <Tabs
        activeKey={tab}
        onChange={(key) => address.set({ tab: key === 'overview' ? null : key })}
        destroyOnHidden
        items={tabs.map((key) => ({ key, label: t(`detail.tab.${key}`), children: content[key] }))}
      />
    </>
  );
}
