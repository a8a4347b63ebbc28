import type { ParseKeys, ParseKeysWithoutVariables, TFunction } from 'i18next';
import en from './en.json';

/** The key of a text that needs no values. */
export type TextKey = ParseKeysWithoutVariables;

/** A part of the catalogues that names the values of one list of the server. */
export type Words = keyof typeof en;

/** Texts by their key alone. */
export const textsOf =
  (t: TFunction) =>
  (key: TextKey): string =>
    t(key as ParseKeys) as string;

/** Words that the server has, by list and value. */
const learned = new Map<string, string>();

/** Takes the words of the server for values that have none here. */
export function learnWords(list: Words, words: readonly { name: string; label: string }[]) {
  for (const { name, label } of words) learned.set(`${list}.${name}`, label);
}

/** A value of a list of the server in the reader's language. A value without a translation is shown as it came. */
export function serverWord(t: TFunction, list: Words, word: string): string {
  const own = Object.hasOwn(en[list], word) ? t(`${list}.${word}` as ParseKeys) : null;
  return own ?? learned.get(`${list}.${word}`) ?? word;
}
