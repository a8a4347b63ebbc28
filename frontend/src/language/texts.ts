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

/** A value of a list of the server in the reader's language. A value without a translation is shown as it came. */
export function serverWord(t: TFunction, list: Words, word: string): string {
  return Object.hasOwn(en[list], word) ? t(`${list}.${word}` as ParseKeys) : word;
}
