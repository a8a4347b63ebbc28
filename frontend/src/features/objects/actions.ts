import type { TFunction } from 'i18next';
import { DeleteObjectDocument, type ObjectDetailFragment } from '@/graphql/generated/graphql';
import type { Action, Offer } from '@/resource/action';

type ObjectAction = Action<ObjectDetailFragment>;

const on = (t: TFunction, { name, namespace, cluster, kind }: ObjectDetailFragment) => ({
  name,
  place: [cluster.name, namespace, kind.kind].filter(Boolean).join(t('mark.comma')),
  environment: cluster.environment,
});

/** What belongs to the object goes first. */
export const deletion: ObjectAction = {
  name: 'delete',
  document: DeleteObjectDocument,
  words: (t, row) => ({
    ...on(t, row),
    label: t('edit.delete'),
    title: t('command.delete.title', row),
    effect: t('edit.deleteEffect', { kind: row.kind.kind, name: row.name }),
    wayBack: t('edit.deleteWayBack'),
  }),
  isFinal: true,
};

/** What the server says can be requested of an object now. It is edited on a page of its own. */
export function offers({
  availableActions,
}: Pick<ObjectDetailFragment, 'availableActions'>): Offer<ObjectDetailFragment>[] {
  return availableActions.flatMap(({ action, supported, allowed, reason, caution }) => {
    if (!supported || action !== 'DELETE') return [];
    return {
      action: deletion,
      refusal: allowed ? null : (reason?.text ?? ''),
      caution: caution?.text ?? null,
    };
  });
}
