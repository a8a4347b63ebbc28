import { useEffect, useState } from 'react';
import { type CauseFieldsFragment, PodMetricsSampledDocument } from '@/graphql/generated/graphql';
import { stream } from '@/graphql/stream';
import { isAboutMemory, type Named, type NextStep, nextStep } from './next-step';
import { partsOf } from './place';

/** The next step for an object in trouble. To metrics it leads only once the cluster has served some of it. */
export function useNextStep(
  object: Named,
  cause: CauseFieldsFragment | null,
  workload?: Named | null,
): NextStep {
  const { id: objectId } = object;
  const [hasMetrics, setHasMetrics] = useState(false);
  const isWanted = isAboutMemory(cause);
  useEffect(() => {
    setHasMetrics(false);
    if (!isWanted) return;
    const { kind, cluster, namespace, name } = partsOf(objectId);
    const isPod = kind === 'Pod';
    const filter = isPod ? { cluster, namespaces: [namespace], search: name } : { workload: objectId };
    return stream({
      document: PodMetricsSampledDocument,
      variables: () => ({ filter }),
      next: ({ podMetricsSampled: { pods } }) =>
        setHasMetrics(pods.some(({ podId }) => !isPod || podId === objectId)),
      failed: () => setHasMetrics(false),
    });
  }, [objectId, isWanted]);
  return nextStep(object, cause, hasMetrics, workload);
}
