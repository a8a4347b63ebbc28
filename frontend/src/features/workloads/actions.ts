import { valuesOf } from '@/graphql/enum';
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
type WorkloadAction = Action<WorkloadRowFragment>;

/** What the server takes: MAX_REPLICAS of the domain. */
export const replicasRule = { least: 0, most: 10_000 };

/** Every verb of the schema but create, which has a page of its own. */
export const actions: Record<Verb, WorkloadAction> = {
  scale: {
    name: 'scale',
    document: ScaleWorkloadDocument,
    words: (t, { name }) => ({
      label: t('operationKind.ScaleWorkload'),
      title: t('command.scale.title', { name }),
      effect: t('command.scale.effect', { name }),
    }),
    number: {
      field: 'replicas',
      rule: replicasRule,
      current: ({ desiredReplicas }) => desiredReplicas,
      label: (t, { desiredReplicas }) => t('command.replicas', { current: desiredReplicas ?? 0 }),
      warning: (t, { name }, replicas) => (replicas === 0 ? t('command.scale.zero', { name }) : null),
    },
  },
  restart: {
    name: 'restart',
    document: RestartWorkloadDocument,
    words: (t, { name }) => ({
      label: t('operationKind.RestartWorkload'),
      title: t('command.restart.title', { name }),
      effect: t('command.restart.effect', { name }),
    }),
  },
  stop: {
    name: 'stop',
    document: StopWorkloadDocument,
    words: (t, { name, kind }) => ({
      label: t('operationKind.StopWorkload'),
      title: t('command.stop.title', { name }),
      effect: capabilities[kind].canSuspend
        ? t('command.stop.suspends', { name })
        : t('command.stop.effect', { name }),
    }),
    slot: 'stop',
    isDangerous: true,
  },
  start: {
    name: 'start',
    document: StartWorkloadDocument,
    words: (t, { name, kind }) => ({
      label: t('operationKind.StartWorkload'),
      title: t('command.start.title', { name }),
      effect: capabilities[kind].canSuspend
        ? t('command.start.resumes', { name })
        : t('command.start.effect', { name }),
    }),
    slot: 'stop',
  },
  delete: {
    name: 'delete',
    document: DeleteWorkloadDocument,
    words: (t, { name, namespace }) => ({
      label: t('operationKind.DeleteWorkload'),
      title: t('command.delete.title', { name }),
      effect: t('command.delete.effect', { name, namespace }),
    }),
    isFinal: true,
  },
};

/**
 * What can be requested of a workload of this kind in this state. It repeats the rules of the server, which still has
 * the last word, and gives way to the server's own `availableActions` once the schema has them.
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
  return valuesOf(actions).filter((verb) => available[verb]);
}
