import type { ProblemFieldsFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';

export interface NextStep {
  /** Its words, under problems.step. */
  words: 'logs' | 'events' | 'open' | 'audit';
  href: string;
  name: string;
}

/** The place that tells most about a problem: of its first victim the log, the events or the page. */
export function nextStep({ cause, subject, victims }: ProblemFieldsFragment): NextStep | undefined {
  const victim = victims[0];
  if (!victim) return undefined;
  const { objectId, kind, name } = victim;
  // A pod without a workload has no page yet.
  if (kind === 'Pod') return { words: 'audit', href: `/audit?target=${encodeURIComponent(objectId)}`, name };
  const page = objectPath('workloads', objectId);
  const evidence = cause?.evidence[0];
  // What keeps a container from its start is in no log.
  if (evidence?.kind === 'CONTAINER' && !subject && kind !== 'CronJob') {
    const pod = evidence.objectId ? `&pod=${encodeURIComponent(evidence.objectId)}` : '';
    return { words: 'logs', href: `${page}?tab=logs${pod}`, name };
  }
  return evidence
    ? { words: 'events', href: `${page}?tab=events`, name }
    : { words: 'open', href: page, name };
}
