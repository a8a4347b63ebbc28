import { useEffect, useState } from 'react';
import type { GraphqlError } from '@/graphql/error';
import {
  ContainerUsageSampledDocument,
  type ContainerUsageSampledSubscription,
} from '@/graphql/generated/graphql';
import { stream } from '@/graphql/stream';

type Sample = ContainerUsageSampledSubscription['podMetricsSampled'];
export type ContainerUsage = Sample['pods'][number]['containers'][number];

interface Measured {
  /** By the name of the container. */
  containers: ReadonlyMap<string, ContainerUsage>;
  /** Why nothing is measured: the cluster has no metrics, or the server does not give them. */
  trouble: { kind: 'unavailable'; message: string } | { kind: 'failed'; error: GraphqlError } | null;
}

interface PodPlace {
  id: string;
  cluster: { id: string };
  namespace: string;
  name: string;
}

/** What the containers of a pod use, at each scrape. */
export function useContainerUsage({ id, cluster: { id: cluster }, namespace, name }: PodPlace): Measured {
  const [measured, setMeasured] = useState<Measured>({ containers: new Map(), trouble: null });
  useEffect(
    () =>
      stream({
        document: ContainerUsageSampledDocument,
        variables: () => ({ filter: { cluster, namespaces: [namespace], search: name } }),
        next: ({ podMetricsSampled: { available, message, pods } }) => {
          const found = pods.find(({ podId }) => podId === id)?.containers ?? [];
          setMeasured({
            containers: new Map(found.map((container) => [container.name, container])),
            trouble: available ? null : { kind: 'unavailable', message: message ?? '' },
          });
        },
        failed: (error) => setMeasured({ containers: new Map(), trouble: { kind: 'failed', error } }),
      }),
    [id, cluster, namespace, name],
  );
  return measured;
}
