import type { TFunction } from 'i18next';
import {
  DeleteWorkloadDocument,
  RestartWorkloadDocument,
  ScaleWorkloadDocument,
  StartWorkloadDocument,
  StopWorkloadDocument,
  type WorkloadRowFragment,
} from '@/graphql/generated/graphql';
import type { Action } from '@/resource/action';
import { capabilities } from './kinds';

export type Verb = 'scale' | 'restart' | 'stop' | 'start' | 'delete';

/** What the server takes: MAX_REPLICAS in domain/src/target/decide.rs. */
export const replicasRule = { least: 0, most: 10_000 };

const words =
  (verb: Verb) =>
  (t: TFunction, { name, namespace }: WorkloadRowFragment) => ({
    label: t(`command.${verb}.ok`),
    title: t(`command.${verb}.title`, { name }),
    effect: t(`command.${verb}.effect`, { name, namespace }),
  });

/** Every verb of the schema but create, which has a page of its own. */
export const actions: Record<Verb, Action<WorkloadRowFragment>> = {
  scale: {
    name: 'scale',
    document: ScaleWorkloadDocument,
    words: words('scale'),
    number: {
      field: 'replicas',
      rule: replicasRule,
      current: ({ desiredReplicas }) => desiredReplicas,
      label: (t, { desiredReplicas }) => t('command.replicas', { current: desiredReplicas ?? 0 }),
      warning: (t, { name }, replicas) => (replicas === 0 ? t('command.scale.zero', { name }) : null),
    },
  },
  restart: { name: 'restart', document: RestartWorkloadDocument, words: words('restart') },
  stop: {
    name: 'stop',
    document: StopWorkloadDocument,
    words: words('stop'),
    slot: 'stop',
    isDangerous: true,
  },
  start: { name: 'start', document: StartWorkloadDocument, words: words('start'), slot: 'stop' },
  delete: { name: 'delete', document: DeleteWorkloadDocument, words: words('delete'), isFinal: true },
};

/**
 * What can be asked of a workload of this kind in this state. It repeats the rules of the server, which still has the
 * last word, and gives way to the server's own `availableActions` once the schema has them.
 */
export function availableActions({ kind, state }: Pick<WorkloadRowFragment, 'kind' | 'state'>): Verb[] {
  if (state === 'DELETING') return [];
  const { hasReplicas, canSuspend, rollsOut } = capabilities[kind];
  const isStopped = state === 'STOPPED' || state === 'SUSPENDED';
  const hasEnded = kind === 'JOB' && (state === 'COMPLETED' || state === 'FAILED');
  const available: Record<Verb, boolean | undefined> = {
    scale: hasReplicas,
    restart: rollsOut && !isStopped,
    stop: (hasReplicas || canSuspend) && !isStopped && !hasEnded,
    start: (hasReplicas || canSuspend) && isStopped,
    delete: true,
  };
  return (Object.keys(actions) as Verb[]).filter((verb) => available[verb]);
}
