import type { ParseKeys, TFunction } from 'i18next';
import en from './en.json';

type Words =
  | 'operationKind'
  | 'stage'
  | 'failure'
  | 'eventType'
  | 'component'
  | 'podPhase'
  | 'containerState';

/** A word of a closed list of the server's in the reader's language; one that is not known here is shown as it came. */
export function serverWord(t: TFunction, list: Words, word: string): string {
  return word in en[list] ? t(`${list}.${word}` as ParseKeys) : word;
}
