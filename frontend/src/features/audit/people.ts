import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { forgetWithPerson } from '@/ui/hooks/on-device';

/** The server lists no people: whoever is chosen was read in an event, and is known by the name in it. */
const names = new Map<string, string>();
forgetWithPerson(() => names.clear());

export function rememberPeople(events: readonly Pick<AuditRowFragment, 'actor'>[]) {
  for (const { actor } of events) if (actor) names.set(actor.id, actor.displayName);
}

export const knownPeople = (): ReadonlyMap<string, string> => names;
