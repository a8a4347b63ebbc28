import { Alert } from 'antd';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsAway } from '@/features/clusters/api';
import { clusterOf } from '@/features/clusters/cluster-of';
import { type PodFilter, PodMetricsSampledDocument } from '@/graphql/generated/graphql';
import { stream } from '@/graphql/stream';
import { Empty } from '@/ui/feedback/empty';
import { Failure } from '@/ui/feedback/failure';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useExternal } from '@/ui/hooks/external';
import { podsOf, usePodsQuery } from '../api';
import { type PodResources, type ResourceField, sharedBy } from './resources';
import { usageOf } from './usage';
import { UsageChart } from './usage-chart';
import { MIB, UsageTable } from './usage-table';

/** A chart of more lines cannot be read, and a table of thousands of rows would stop the page. */
const MOST = 20;

interface ResourceMonitorProps {
  filter: PodFilter;
  /** The only pod that is shown, where the filter finds others too. */
  pod?: PodResources;
}

/** Live CPU and memory of pods, as charts and as a table. */
export function ResourceMonitor({ filter, pod }: ResourceMonitorProps) {
  const { t } = useTranslation();
  const wanted = JSON.stringify(filter);
  const id = pod?.id;
  const usage = useMemo(() => usageOf(JSON.stringify([wanted, id])), [wanted, id]);
  const version = useExternal(usage);

  useEffect(
    () =>
      stream({
        document: PodMetricsSampledDocument,
        variables: () => ({ filter: JSON.parse(wanted) as PodFilter }),
        next: ({ podMetricsSampled: sample }) =>
          usage.push({ ...sample, pods: sample.pods.filter(({ podId }) => !id || podId === id) }),
        failed: (error) => usage.fail(error),
      }),
    [usage, wanted, id],
  );

  const workload = filter.workload ?? '';
  const { currentData } = usePodsQuery(podsOf({ id: workload }), { skip: Boolean(pod) || !workload });
  const isAway = useIsAway();
  const { latest, error } = usage;
  if (!latest) {
    return error ? <Problem error={error} /> : <Loading lines={6} data-testid="metrics-waiting" />;
  }
  if (!latest.available) {
    if (isAway(filter.cluster ?? clusterOf(filter.workload))) return <Empty text={t('unreachable.waits')} />;
    return (
      <Alert
        type="info"
        showIcon
        data-testid="metrics-unavailable"
        title={t('metrics.unavailable')}
        description={latest.message}
      />
    );
  }
  const pods = usage.top(MOST);
  if (pods.length === 0) return <Empty text={t('metrics.empty')} />;
  const known = new Map((pod ? [pod] : (currentData?.nodes ?? [])).map((one) => [one.id, one]));
  const shared = (field: ResourceField) =>
    sharedBy(
      pods.map((one) => known.get(one.id)),
      field,
    );
  return (
    <div className="stack" data-testid="metrics">
      {error && (
        <Failure
          error={error}
          text={(message) => t('metrics.failed', { message })}
          data-testid="metrics-failed"
        />
      )}
      <div className="columns">
        <UsageChart
          usage={usage}
          version={version}
          pods={pods}
          request={shared('cpuRequestMillicores')}
          limit={shared('cpuLimitMillicores')}
          measure="cpuMillicores"
          scale={1}
          title={t('metrics.cpu')}
        />
        <UsageChart
          usage={usage}
          version={version}
          pods={pods}
          request={shared('memoryRequestBytes')}
          limit={shared('memoryLimitBytes')}
          measure="memoryBytes"
          scale={MIB}
          title={t('metrics.memory')}
        />
      </div>
      {usage.podCount > pods.length && (
        <p className="quiet" data-testid="metrics-top">
          {t('metrics.top', { shown: pods.length, total: usage.podCount })}
        </p>
      )}
      <UsageTable sample={latest} pods={pods} known={known} />
    </div>
  );
}
