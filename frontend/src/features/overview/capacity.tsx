import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClustersQuery } from '@/features/clusters/api';
import type { GraphqlError } from '@/graphql/error';
import { CapacitySampledDocument, type CapacitySampledSubscription } from '@/graphql/generated/graphql';
import { stream } from '@/graphql/stream';
import { Age, useNow } from '@/ui/feedback/age';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';

type Sample = CapacitySampledSubscription['capacitySampled'];

const load = () => import('./meters').then((module) => module.Meters);

// A sample takes longer to come than the script, so neither waits for the other.
if (typeof window !== 'undefined') void load();

const Meters = dynamic(() => load(), { ssr: false, loading: () => <Loading lines={3} isPushed /> });

/** A sample comes every 15 s: later than this, the last one is said to be old. */
const OLD_MS = 45_000;

/** What the nodes of each cluster have, what pods request of it, and what they use. */
export function Capacity() {
  const { t } = useTranslation();
  const { samples, error } = useSamples();
  const { data: clusters } = useClustersQuery();
  if (clusters?.length === 0) return null;
  const nameOf = (id: string) => clusters?.find((cluster) => cluster.id === id)?.name ?? id;
  return (
    <section className="panel" aria-labelledby="capacity" data-testid="capacity">
      <h2 id="capacity">{t('capacity.title')}</h2>
      {error && <Problem error={error} />}
      {samples.length === 0 && !error && <Loading lines={3} isPushed />}
      {samples.map((sample) => (
        <div key={sample.clusterId} data-testid={`capacity-${sample.clusterId}`}>
          {samples.length > 1 && <h3>{nameOf(sample.clusterId)}</h3>}
          <Old sampledAt={sample.sampledAt} />
          {sample.nodes ? (
            <Meters nodes={sample.nodes} usage={sample.usage} />
          ) : (
            <p className="quiet">
              {t('capacity.unknown')} {sample.message}
            </p>
          )}
          {sample.nodes && !sample.usage && (
            <p className="quiet">
              {t('capacity.notMeasured')} {sample.usageMessage}
            </p>
          )}
        </div>
      ))}
    </section>
  );
}

function Old({ sampledAt }: Pick<Sample, 'sampledAt'>) {
  const { t } = useTranslation();
  const isOld = useNow(5_000) - Date.parse(sampledAt) > OLD_MS;
  return (
    isOld && (
      <p className="quiet">
        {t('metrics.sampled')} <Age at={sampledAt} />
      </p>
    )
  );
}

/** The last sample of each cluster, in the order of their ids, and why there are no newer ones. */
function useSamples() {
  const [samples, setSamples] = useState<Readonly<Record<string, Sample>>>({});
  const [error, setError] = useState<GraphqlError | null>(null);
  useEffect(
    () =>
      stream({
        document: CapacitySampledDocument,
        variables: () => ({}),
        next: ({ capacitySampled: latest }) => {
          setSamples((known) => ({ ...known, [latest.clusterId]: latest }));
          setError(null);
        },
        failed: setError,
      }),
    [],
  );
  const inOrder = Object.values(samples).sort((one, other) => one.clusterId.localeCompare(other.clusterId));
  return { samples: inOrder, error };
}
