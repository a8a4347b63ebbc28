import type { TFunction } from 'i18next';
import { valuesOf } from '@/graphql/enum';
import {
  DeleteWorkloadDocument,
  RestartWorkloadDocument,
  ScaleWorkloadDocument,
  StartWorkloadDocument,
  StopWorkloadDocument,
  type WorkloadDetailFragment,
  type WorkloadRowFragment,
} from '@/graphql/generated/graphql';
import type { Action, Offer } from '@/resource/action';
import { commandOf } from '@/resource/command-of';
import { eitherKeys } from '@/resource/keys';
import { canSuspend } from './kinds';

type WorkloadAction = Action<WorkloadRowFragment>;

const on = (t: TFunction, { name, namespace, cluster }: WorkloadRowFragment) => ({
  name,
  place: [cluster.name, namespace].join(t('mark.comma')),
  environment: cluster.environment,
});

/** What the server takes: MAX_REPLICAS of the domain. */
export const replicasRule = { least: 0, most: 10_000 };

/** The verbs that have words, keys or an input of their own. Create has a page of its own. */
export const actions = {
  scale: {
    name: 'scale',
    document: ScaleWorkloadDocument,
    words: (t, row) => ({
      ...on(t, row),
      label: t('operationKind.ScaleWorkload'),
      title: t('command.scale.title', row),
      effect: t('command.scale.effect', row),
      wayBack: t('command.scale.wayBack', { current: row.desiredReplicas ?? 0 }),
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
    keys: eitherKeys.restart.keys,
    words: (t, row) => ({
      ...on(t, row),
      label: t('operationKind.RestartWorkload'),
      title: t('command.restart.title', row),
      effect: t('command.restart.effect', row),
    }),
  },
  stop: {
    name: 'stop',
    document: StopWorkloadDocument,
    words: (t, row) => ({
      ...on(t, row),
      label: t('operationKind.StopWorkload'),
      title: t('command.stop.title', row),
      effect: canSuspend(row.kind) ? t('command.stop.suspends', row) : t('command.stop.effect', row),
      wayBack: t('command.stop.wayBack'),
    }),
    isDangerous: true,
  },
  start: {
    name: 'start',
    document: StartWorkloadDocument,
    words: (t, row) => ({
      ...on(t, row),
      label: t('operationKind.StartWorkload'),
      title: t('command.start.title', row),
      effect: canSuspend(row.kind) ? t('command.start.resumes', row) : t('command.start.effect', row),
      wayBack: t('command.start.wayBack'),
    }),
  },
  delete: {
    name: 'delete',
    document: DeleteWorkloadDocument,
    words: (t, row) => ({
      ...on(t, row),
      label: t('operationKind.DeleteWorkload'),
      title: t('command.delete.title', row),
      effect: t('command.delete.effect', row),
      wayBack: t('command.delete.wayBack'),
    }),
    isFinal: true,
  },
} satisfies Record<string, WorkloadAction>;

/** The server's caution where a restart only changes the template: it promises no new pods. */
const ON_DELETE = 'RESTARTS_ON_DELETE';
export const restartOnDelete: WorkloadAction = {
  ...actions.restart,
  words: (t, row) => ({
    ...actions.restart.words(t, row),
    effect: t('command.restart.onDelete', { name: row.name }),
  }),
};

type Available = WorkloadDetailFragment['availableActions'][number];

/** What the server says can be requested of a workload now, in its order. What its kind can never do is not shown. */
export function offers({
  availableActions,
}: Pick<WorkloadDetailFragment, 'availableActions'>): Offer<WorkloadRowFragment>[] {
  return availableActions.flatMap((available) => {
    const { supported, allowed, reason, caution } = available;
    const action = actionOf(available);
    if (!action || !supported) return [];
    return { action, refusal: allowed ? null : (reason?.text ?? ''), caution: caution?.text ?? null };
  });
}

function actionOf(available: Available): WorkloadAction | null {
  const { action, hasParameters, caution } = available;
  const verb = valuesOf(actions).find((one) => one === action.toLowerCase());
  if (verb === 'restart' && caution?.code === ON_DELETE) return restartOnDelete;
  if (verb) return actions[verb];
  return hasParameters ? null : plainAction(available);
}

/** An action that says no more than which workload, in the words of the server. */
function plainAction({ action, verb, label, effect }: Available): WorkloadAction {
  return {
    name: action.toLowerCase().replaceAll('_', '-'),
    document: commandOf(verb),
    words: (t, row) => ({
      ...on(t, row),
      label,
      title: t('command.act', { verb: label, name: row.name }),
      effect: `${effect}${t('mark.stop').trim()}`,
    }),
  };
}
