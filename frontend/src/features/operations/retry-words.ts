import type { TFunction } from 'i18next';
import type { OperationFieldsFragment, RetryFactsQuery } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import type { ConfirmationWords } from '@/ui/feedback/confirmation';
import { hasRuns } from './endings';
import { requestedReplicas } from './requested-replicas';

type Retried = Pick<OperationFieldsFragment, 'kind' | 'target'>;

/** What a retry does, in the words in which its action asks. */
export function retryWords(
  t: TFunction,
  { kind, target }: Retried,
  facts: RetryFactsQuery | undefined,
): ConfirmationWords {
  const { name, namespace, cluster } = target;
  const act = t('command.act', { verb: serverWord(t, 'operationKind', kind), name });
  return {
    place: [cluster.name, namespace].filter(Boolean).join(t('mark.comma')),
    environment: cluster.environment,
    title: t('operations.retryTitle', { what: serverWord(t, 'operationKind', kind), name }),
    act,
    keep: t('command.keep'),
    ...consequence(t, { kind, target }, facts),
  };
}

function consequence(
  t: TFunction,
  { kind, target }: Retried,
  facts: RetryFactsQuery | undefined,
): Pick<ConfirmationWords, 'effect' | 'wayBack'> {
  const { name, namespace } = target;
  const suspends = hasRuns(target);
  switch (kind) {
    case 'ScaleWorkload': {
      const replicas = facts && requestedReplicas(facts.auditEvents.nodes[0]?.payload);
      const current = facts?.workload?.desiredReplicas;
      return {
        effect:
          replicas == null
            ? t('command.scale.effect', { name })
            : t('operations.retryScale', { name, replicas }),
        wayBack: current == null ? undefined : t('command.scale.wayBack', { current }),
      };
    }
    case 'RestartWorkload':
      return { effect: t('command.restart.effect', { name }) };
    case 'StopWorkload':
      return {
        effect: t(suspends ? 'command.stop.suspends' : 'command.stop.effect', { name }),
        wayBack: t('command.stop.wayBack'),
      };
    case 'StartWorkload':
      return {
        effect: t(suspends ? 'command.start.resumes' : 'command.start.effect', { name }),
        wayBack: t('command.start.wayBack'),
      };
    case 'DeleteWorkload':
      return {
        effect: t('command.delete.effect', { name, namespace }),
        wayBack: t('command.delete.wayBack'),
      };
    default:
      return { effect: t('operations.retrySame', { what: serverWord(t, 'operationKind', kind), name }) };
  }
}
