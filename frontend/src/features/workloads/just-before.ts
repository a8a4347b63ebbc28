import { isOnlyBookkeeping } from '@/features/operations/bookkeeping';
import type {
  CauseFieldsFragment,
  JustBeforeQuery,
  RevisionFieldsFragment,
} from '@/graphql/generated/graphql';

const MINUTES = 30;
/** How much later than a change the watch may record it, and the cluster report its effect. */
const RECORDED_WITHIN_MS = 10_000;

/** When a cause began: when the cluster says, else the first of what was observed. */
export function beginOf({ since, evidence }: Pick<CauseFieldsFragment, 'since' | 'evidence'>): string | null {
  const first = evidence.flatMap(({ at }) => at ?? []).sort()[0];
  return since ?? first ?? null;
}

/** The time before a cause in which a change is worth a hint. */
export function spanBefore(begin: string): { from: string; to: string } {
  const at = Date.parse(begin);
  return {
    from: new Date(at - MINUTES * 60_000).toISOString(),
    to: new Date(at + RECORDED_WITHIN_MS).toISOString(),
  };
}

/** A change shortly before a cause. Nobody says that it is the cause. */
export interface Before {
  at: string;
  /** The person or, for changes by others, the field managers. Empty where nobody is named. */
  who: readonly string[];
  /** The verb of an operation. */
  kind: string | null;
  reason: string | null;
  changes: RevisionFieldsFragment['changes'];
}

/** The latest change in the span: an operation with the fields that it changed, or a change by others. */
export function latestBefore(
  { operations, workload }: JustBeforeQuery,
  { from, to }: { from: string; to: string },
): Before | null {
  const revisions = (workload?.revisions.nodes ?? []).filter(
    ({ recordedAt, recordedAnew }) => !recordedAnew && isWithin(recordedAt, from, to),
  );
  const [operation] = operations.nodes;
  const others = revisions.filter(({ operation, changes }) => !operation && !isOnlyBookkeeping(changes));
  // Controllers write small things after the change of a person, which they would hide.
  const weighty = others.find(({ changes }) => changes.some(({ important }) => important));
  const other = weighty ?? (operation ? undefined : others[0]);
  if (operation && !(other && Date.parse(other.recordedAt) > Date.parse(operation.requestedAt))) {
    const own = revisions.find((revision) => revision.operation?.id === operation.id);
    const { requestedAt, actor, kind, reason } = operation;
    return {
      at: requestedAt,
      who: actor ? [actor.displayName] : [],
      kind,
      reason,
      changes: own?.changes ?? [],
    };
  }
  if (!other) return null;
  const { recordedAt, managers, changes } = other;
  return { at: recordedAt, who: managers, kind: null, reason: null, changes };
}

function isWithin(at: string, from: string, to: string): boolean {
  return Date.parse(at) >= Date.parse(from) && Date.parse(at) <= Date.parse(to);
}
