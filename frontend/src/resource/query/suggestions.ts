import type { TFunction } from 'i18next';
import { serverWord } from '@/language/texts';
import { dayWords } from '../moment';
import { type Chip, isToken, partsOf, plain, type Spec, specOf, tokenOf } from './query';

export interface Suggestion {
  /** What stands in the place of the part that is being written. */
  text: string;
  /** What it means; empty where the text says it. */
  words: string;
  /** A token still needs its value. */
  isToken: boolean;
}

const MOST = 50;

/** The part at the end of the text: what is being written. */
export function lastPart(text: string): string {
  return /\s$/.test(text) ? '' : (partsOf(text).at(-1) ?? '');
}

/** The token whose value is being written, and what there is of it. */
export function openToken(text: string, specs: readonly Spec[]) {
  const [token = '', part = ''] = tokenOf(lastPart(text)) ?? [];
  const spec = specOf(specs, token);
  return (
    spec && {
      spec,
      part: ['text', 'time', 'named'].includes(spec.control) ? part : (part.split(',').at(-1) ?? '').trim(),
    }
  );
}

/** What may be written next: the names of the tokens, or the known values of one. */
export function suggestionsFor(
  t: TFunction,
  text: string,
  specs: readonly Spec[],
  chips: readonly Chip[],
  known: readonly string[],
): Suggestion[] {
  const open = openToken(text, specs);
  if (!open) {
    const part = lastPart(text).toLowerCase();
    return specs
      .filter(isToken)
      .filter(({ token }) => token.startsWith(part))
      .map(({ token, label }) => ({ text: `${token}:`, words: t(label), isToken: true }));
  }
  const { spec, part } = open;
  const written = lastPart(text);
  const before = written.slice(0, written.length - part.length);
  const taken = chips.filter((chip) => chip.spec === spec).map(({ value }) => value);
  const value = (value: string, words: string) => ({ text: before + value, words, isToken: false });
  if (spec.control === 'choice') {
    return spec.values
      .map((name) => [name, serverWord(t, spec.words, name)] as const)
      .filter(([name, words]) => plain(`${name}\n${words}`).includes(plain(part)) && !taken.includes(name))
      .map(([name, words]) => {
        const group = spec.groupOf?.(name);
        return value(spelling(name), group ? `${t(group)}${t('mark.colon')}${words}` : words);
      })
      .slice(0, MOST);
  }
  if (spec.control === 'named') {
    return [...spec.known().entries()]
      .filter(([id, name]) => plain(name).includes(plain(part)) && !taken.includes(id))
      .map(([, name]) => ({ text: `${spec.token}:${quoted(name)}`, words: '', isToken: false }))
      .slice(0, MOST);
  }
  if (spec.control === 'time') {
    return dayWords
      .filter((word) => plain(`${word}\n${serverWord(t, 'dayWord', word)}`).includes(plain(part)))
      .map((word) => value(word, serverWord(t, 'dayWord', word)));
  }
  return known
    .filter((name) => name.includes(part) && !taken.includes(name))
    .map((name) => value(name, ''))
    .slice(0, MOST);
}

/** A value with spaces stands in quotation marks. */
const quoted = (text: string) => (/\s/.test(text) ? `"${text}"` : text);

/** Constants of the schema are easier to read in small letters, which are accepted as well. */
const spelling = (name: string) => (name === name.toUpperCase() ? name.toLowerCase() : name);
