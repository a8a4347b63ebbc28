import { partsOf } from '@/features/causes/place';
import type { EventRowFragment } from '@/graphql/generated/graphql';

/** Events of one reason about objects of one kind, as one. */
export interface AlikeEvents {
  /** The latest of them. */
  event: EventRowFragment;
  count: number;
  /** Of which objects they are. */
  objects: readonly string[];
}

/** What events have in common that are shown as one. */
export function likenessOf({ type, reason, objectId }: EventRowFragment): string {
  const { kind, cluster, namespace } = partsOf(objectId);
  return [type, reason, kind, cluster, namespace].join(' ');
}

/** The same with those of an older one. */
export function joined<Alike extends AlikeEvents>(newer: Alike, { count, objects }: AlikeEvents): Alike {
  return {
    ...newer,
    count: newer.count + count,
    objects: [...new Set([...newer.objects, ...objects])],
  };
}

export const alone = (event: EventRowFragment): AlikeEvents => ({
  event,
  count: event.count,
  objects: [event.objectId],
});

/** Events, the newest first, with those that are alike as one in the place of the latest. */
export function alikeEvents(events: readonly EventRowFragment[]): AlikeEvents[] {
  const found = new Map<string, AlikeEvents>();
  for (const event of events) {
    const key = likenessOf(event);
    const newer = found.get(key);
    found.set(key, newer ? joined(newer, alone(event)) : alone(event));
  }
  return [...found.values()];
}
