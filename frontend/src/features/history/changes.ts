import { partsOf } from '@/features/causes/place';
import { type AlikeEvents, alone, joined, likenessOf } from '@/features/events/alike';
import { isOnlyBookkeeping } from '@/features/operations/bookkeeping';
import { arePeople } from '@/features/operations/managers';
import type {
  EventRowFragment,
  OperationFieldsFragment,
  RevisionFieldsFragment,
} from '@/graphql/generated/graphql';

/** One entry of what happened to an object. */
export type Happening = { key: string; at: string } & (
  | { kind: 'operation'; operation: OperationFieldsFragment; revision?: RevisionFieldsFragment }
  | { kind: 'revision'; revision: RevisionFieldsFragment }
  | ({ kind: 'event' } & AlikeEvents)
);

/** What is read of a list, the newest first. */
export interface Part<Row> {
  nodes: readonly Row[];
  pageInfo: { hasNextPage: boolean };
}

export interface Parts {
  operations?: Part<OperationFieldsFragment>;
  revisions?: Part<RevisionFieldsFragment>;
  events?: Part<EventRowFragment>;
}

/** Whether a person changed it, or a tool for one: whoever is no controller. */
export const isByPerson = ({ managers, operation }: RevisionFieldsFragment) =>
  operation ? operation.actor !== null : arePeople(managers);

/** Every start of a pod reports the same. What goes wrong is news, and what its controller does. */
const isNews = ({ type, objectId }: EventRowFragment) =>
  type === 'Warning' || partsOf(objectId).kind !== 'Pod';

/**
 * Operations, changes by others and Kubernetes events as one list, the newest first, as far back as all changes are
 * known. An operation comes with the fields that it changed.
 */
export function happeningsOf({ operations, revisions, events }: Parts): Happening[] {
  const known = new Set(operations?.nodes.map(({ id }) => id));
  const own = (id: string) => revisions?.nodes.find(({ operation }) => operation?.id === id);
  const all: Happening[] = [
    ...(operations?.nodes ?? []).map((operation): Happening => {
      const { id, requestedAt } = operation;
      return { key: id, at: requestedAt, kind: 'operation', operation, revision: own(id) };
    }),
    ...(revisions?.nodes ?? [])
      .filter(({ operation }) => !operation || !known.has(operation.id))
      .filter(({ operation, changes }) => operation || !isOnlyBookkeeping(changes))
      .map((revision): Happening => {
        return { key: revision.position, at: revision.recordedAt, kind: 'revision', revision };
      }),
    ...(events?.nodes ?? []).filter(isNews).map((event): Happening => {
      return { key: event.id, at: event.lastSeen, kind: 'event', ...alone(event) };
    }),
  ];
  const from = Math.max(
    knownSince(operations, ({ requestedAt }) => requestedAt),
    knownSince(revisions, ({ recordedAt }) => recordedAt),
  );
  const since = all.filter(({ at }) => Date.parse(at) >= from);
  return folded(since.sort((one, other) => Date.parse(other.at) - Date.parse(one.at)));
}

/** Since when a list is read; from the beginning if all of it is. */
function knownSince<Row>(part: Part<Row> | undefined, at: (row: Row) => string): number {
  const oldest = part?.nodes.at(-1);
  return part?.pageInfo.hasNextPage && oldest ? Date.parse(at(oldest)) : Number.NEGATIVE_INFINITY;
}

/** Events that are alike are one entry, with all their objects: as far as no change stands between them. */
function folded(happenings: Happening[]): Happening[] {
  const kept: Happening[] = [];
  /** The places of the events since the last change. */
  const places = new Map<string, number>();
  for (const one of happenings) {
    if (one.kind !== 'event') {
      places.clear();
      kept.push(one);
      continue;
    }
    const key = likenessOf(one.event);
    const place = places.get(key) ?? kept.length;
    const newer = kept[place];
    places.set(key, place);
    kept[place] = newer?.kind === 'event' ? joined(newer, one) : one;
  }
  return kept;
}
