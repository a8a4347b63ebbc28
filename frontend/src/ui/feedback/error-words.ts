import type { TFunction } from 'i18next';
import type { GraphqlError } from '@/graphql/error';

/** What the errors of the API mean to a reader. */
const meanings = [
  'UNAVAILABLE',
  'NO_ANSWER',
  'NOT_LIVE',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'NOT_YET',
  'TIMED_OUT',
  'TOO_COMPLEX',
  'TOO_LARGE',
  'TOO_MANY_SUBSCRIPTIONS',
  'BAD_INPUT',
  'REFUSED',
  'MISMATCH',
  'INTERNAL',
] as const;
export type Meaning = (typeof meanings)[number] | 'other';

/** Codes that a page gets only of a server of another version. */
const ofMismatch = ['WRONG_METHOD', 'PERSISTED_QUERY_NOT_SUPPORTED'];

export function meaningOf(code: string): Meaning {
  if (ofMismatch.includes(code)) return 'MISMATCH';
  return meanings.find((one) => one === code) ?? 'other';
}

/** Those whose sentence does not say already what to do. */
const withNext = [
  'UNAVAILABLE',
  'NO_ANSWER',
  'FORBIDDEN',
  'NOT_YET',
  'TIMED_OUT',
  'TOO_COMPLEX',
  'TOO_LARGE',
  'TOO_MANY_SUBSCRIPTIONS',
  'BAD_INPUT',
  'MISMATCH',
  'INTERNAL',
  'other',
] as const;

/** Those of which the server never says more than the sentence does. */
const complete: readonly Meaning[] = [
  'NO_ANSWER',
  'NOT_LIVE',
  'UNAUTHENTICATED',
  'NOT_YET',
  'TOO_MANY_SUBSCRIPTIONS',
  'MISMATCH',
];

/** The server's words where it has only the code to tell. */
export const bareMessages = [
  'Binnacle cannot answer at the moment: try again',
  'something went wrong inside Binnacle: the log tells more about this request id',
  'the answer took too long: ask for less',
];

export interface ErrorWords {
  meaning: Meaning;
  /** What happened, in the language of the reader. */
  what: string;
  /** What to do next; null where the sentence says it, or nothing helps. */
  next: string | null;
  /** The server's words, as it wrote them, where they say more than the code. */
  detail: string | null;
}

/** An error of the API in words. A refused command is an answer and comes with its own. */
export function errorWords(t: TFunction, { code, message }: GraphqlError): ErrorWords {
  const meaning = meaningOf(code);
  const next = withNext.find((one) => one === meaning);
  const isSaid = complete.includes(meaning) || bareMessages.includes(message);
  return {
    meaning,
    what: t(`problem.${meaning}`),
    next: next ? t(`problemNext.${next}`) : null,
    detail: isSaid ? null : message || null,
  };
}

/** What happened and what to do next, for a place that has one line. */
export function errorLine(t: TFunction, error: GraphqlError): string {
  const { what, next } = errorWords(t, error);
  return next ? `${what}${t('mark.space')}${next}` : what;
}
