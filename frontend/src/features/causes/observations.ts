import type { CauseFieldsFragment } from '@/graphql/generated/graphql';
import { placeOf } from './place';

type Evidence = CauseFieldsFragment['evidence'][number];

export interface Observation {
  evidence: Evidence;
  /** How often it was observed: of the same kind, in the same words and at the same place. */
  count: number;
  /** Whether another one says the same of another object. */
  isAlike: boolean;
}

/** The evidence of a cause, each observation once, with the time of the latest. */
export function observationsOf(evidence: readonly Evidence[], workload?: string): Observation[] {
  const wordsOf = ({ kind, message }: Evidence) => `${kind} ${message.text}`;
  const found = new Map<string, Observation>();
  for (const one of evidence) {
    const place = placeOf(one, workload) ?? `${one.objectId} ${one.container}`;
    const key = `${wordsOf(one)} ${place}`;
    const known = found.get(key);
    if (!known) found.set(key, { evidence: one, count: 1, isAlike: false });
    else found.set(key, { ...known, count: known.count + 1, evidence: later(known.evidence, one) });
  }
  const all = [...found.values()];
  return all.map((one) => ({
    ...one,
    isAlike: all.some((other) => other !== one && wordsOf(other.evidence) === wordsOf(one.evidence)),
  }));
}

const timeOf = ({ at }: Evidence) => (at ? Date.parse(at) : 0);

const later = (one: Evidence, other: Evidence) => (timeOf(other) > timeOf(one) ? other : one);
