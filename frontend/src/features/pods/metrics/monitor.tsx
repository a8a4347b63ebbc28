import { Alert } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsAway } from '@/features/clusters/api';
import { clusterOf } from '@/features/clusters/cluster-of';
import { type PodFilter, PodMetricsSampledDocument } from '@/graphql/generated/graphql';
import { stream } from '@/graphql/stream';
import { Age } from '@/ui/feedback/age';
import { Empty } from '@/ui/feedback/empty';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useExternal } from '@/ui/hooks/external';
import { Usage } from './usage';
import { strokeOf, UsageChart } from './usage-chart';

const MIB = 1024 * 1024;

interface ResourceMonitorProps {
  filter: PodFilter;
  /** The only pod that is shown, where the filter finds others too. */
  pod?: string;
}

/** Live CPU and memory of pods, as charts and as a table. */
export function ResourceMonitor({ filter, pod }: ResourceMonitorProps) {
  const { t, i18n } = useTranslation();
  const [usage, setUsage] = useState(() => new Usage());
  const version = useExternal(usage);
  const wanted = JSON.stringify(filter);

  useEffect(() => {
    const samples = new Usage();
    setUsage(samples);
    return stream({
      document: PodMetricsSampledDocument,
      variables: () => ({ filter: JSON.parse(wanted) as PodFilter }),
      next: ({ podMetricsSampled: sample }) =>
        samples.push({ ...sample, pods: sample.pods.filter(({ podId }) => !pod || podId === pod) }),
      failed: (error) => samples.fail(error),
    });
  }, [wanted, pod]);

  const isAway = useIsAway();
  const { latest, error } = usage;
  if (error) return <Problem error={error} />;
  if (!latest) return <Loading lines={6} data-testid="metrics-waiting" />;
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
  const names = usage.podNames();
  if (names.length === 0) return <Empty text={t('metrics.empty')} />;
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  return (
    <div className="stack" data-testid="metrics">
      <div className="columns">
        <UsageChart
          usage={usage}
          version={version}
          measure="cpuMillicores"
          scale={1}
          title={t('metrics.cpu')}
        />
        <UsageChart
          usage={usage}
          version={version}
          measure="memoryBytes"
          scale={MIB}
          title={t('metrics.memory')}
        />
      </div>
      <table className="plain" data-testid="metrics-table">
        <caption>
          {t('metrics.table')} · {t('metrics.sampled')} <Age at={latest.sampledAt} />
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('pods.pod')}</th>
            <th scope="col">{t('metrics.cpu')}</th>
            <th scope="col">{t('metrics.memory')}</th>
          </tr>
        </thead>
        <tbody>
          {latest.pods.map((pod) => (
            <tr key={pod.podId}>
              <th scope="row">
                <span
                  className="swatch"
                  style={{ background: strokeOf(names.indexOf(pod.name)) }}
                  aria-hidden="true"
                />
                {pod.name}
              </th>
              <td className="number">{number.format(pod.cpuMillicores)}</td>
              <td className="number">{number.format(pod.memoryBytes / MIB)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
