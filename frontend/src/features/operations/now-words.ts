import type { TFunction } from 'i18next';
import type { RetryFactsQuery } from '@/graphql/generated/graphql';

/** The kinds whose number of pods a person sets. A DaemonSet has as many as there are nodes, and a Job ends. */
const WITH_REPLICAS = ['Deployment', 'StatefulSet', 'ReplicaSet'];

/** A workload as it is now: its state, its replicas where its kind has them, and its images. */
export function nowWords(
  t: TFunction,
  kind: string,
  { state, desiredReplicas, images }: NonNullable<RetryFactsQuery['workload']>,
): string {
  const words = { state: t(`workloadState.${state}`), images: images.join(t('mark.comma')) };
  return desiredReplicas !== null && WITH_REPLICAS.includes(kind)
    ? t('command.now', { ...words, count: desiredReplicas })
    : t('command.nowWithout', words);
}
