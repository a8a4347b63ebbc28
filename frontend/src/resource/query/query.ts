import type { TFunction } from 'i18next';
import { serverWord } from '@/language/texts';
import { onlyAllowed } from '@/ui/hooks/use-address';
import type { Address, FilterSpec } from '../list-parameters';
import { dayWords, isMoment } from '../moment';

export type Spec = FilterSpec<never>;
export type TokenSpec = Extract<Spec, { token: string }>;

/** One value of the query that is in force. */
export interface Chip {
  spec: Spec;
  value: string;
}

/** A part of the text that the server cannot answer. */
export interface Fault {
  text: string;
  token: string;
  value: string;
  kind: 'unanswered' | 'value' | 'selector' | 'time' | 'named' | 'words';
}

interface Query {
  chips: Chip[];
  /** The plain words. */
  words: string;
  faults: Fault[];
  /** Plain words that look like a token. */
  odd: string[];
}

/** A token with its value, in quotation marks if it has spaces, or a word. A set of a selector may have spaces. */
const PART = /[a-z]+:"[^"]*"?|(?:\([^)]*\)?|\S)+/gi;
const TOKEN = /^([a-z]+):(.*)$/is;
const KEY = '(?:[a-z0-9.-]+/)?[a-z0-9](?:[\\w.-]*[a-z0-9])?';
const VALUE = '(?:[a-z0-9](?:[\\w.-]*[a-z0-9])?)?';
const REQUIREMENT = new RegExp(
  `^(?:!\\s*${KEY}|${KEY}(?:\\s*(?:=|==|!=)\\s*${VALUE}|\\s+(?:in|notin)\\s*\\(\\s*${VALUE}(?:\\s*,\\s*${VALUE})*\\s*\\))?)$`,
  'i',
);

export const isToken = (spec: Spec): spec is TokenSpec => 'token' in spec;

export function partsOf(text: string): string[] {
  return text.match(PART) ?? [];
}

/** The token and the value of a part; null if it is a word. */
export function tokenOf(part: string): [string, string] | null {
  const found = TOKEN.exec(part);
  return found ? [(found[1] ?? '').toLowerCase(), (found[2] ?? '').replace(/^"|"$/g, '').trim()] : null;
}

export function specOf(specs: readonly Spec[], token: string): TokenSpec | undefined {
  return specs.filter(isToken).find((spec) => spec.token === token || spec.key === token);
}

/** What a text asks for. `unanswered` are tokens that other lists have, or that this one will have. */
export function readQuery(
  t: TFunction,
  text: string,
  specs: readonly Spec[],
  unanswered: readonly string[],
): Query {
  const query: Query = { chips: [], words: '', faults: [], odd: [] };
  const words: string[] = [];
  const hasWords = specs.some(({ control }) => control === 'search');
  for (const part of partsOf(text)) {
    const [token = '', value = ''] = tokenOf(part) ?? [];
    const spec = specOf(specs, token);
    if (spec) {
      for (const one of valuesOf(spec, value)) {
        const known = knownValue(t, spec, one);
        if (known) query.chips.push({ spec, value: known });
        else {
          const { control } = spec;
          const kind =
            control === 'selector' || control === 'time' || control === 'named' ? control : 'value';
          query.faults.push({ text: part, token, value: one, kind });
        }
      }
    } else if (unanswered.includes(token)) {
      query.faults.push({ text: part, token, value, kind: 'unanswered' });
    } else if (!hasWords) {
      query.faults.push({ text: part, token, value: part, kind: 'words' });
    } else {
      if (token) query.odd.push(part);
      words.push(part.replaceAll('"', ''));
    }
  }
  return { ...query, words: words.join(' ') };
}

function valuesOf(spec: Spec, text: string): string[] {
  const { control } = spec;
  if (isSingle(spec) || control === 'search') return text ? [text] : [];
  const separator = control === 'selector' ? /,(?![^(]*\))/ : ',';
  return text
    .split(separator)
    .map((value) => value.trim())
    .filter(Boolean);
}

/** The value that the server knows, by its name or by its words. */
function knownValue(t: TFunction, spec: TokenSpec, text: string): string | undefined {
  if (spec.control === 'selector') return REQUIREMENT.test(text) ? text : undefined;
  const wanted = plain(text);
  if (spec.control === 'time') {
    const day = dayWords.find((word) => plain(serverWord(t, 'dayWord', word)) === wanted);
    return day ?? (isMoment(text) ? text : undefined);
  }
  if (spec.control === 'named') {
    return [...spec.known()].find(([value, name]) => value === text || plain(name) === wanted)?.[0];
  }
  if (spec.control !== 'choice') return text;
  return spec.values.find(
    (value) => plain(value) === wanted || plain(serverWord(t, spec.words, value)) === wanted,
  );
}

/** Without what differs between `ROLLOUT_STUCK` and `Rollout stuck`. */
export function plain(text: string): string {
  return text.toLowerCase().replace(/[\s_-]/g, '');
}

/** The values in force, as the address has them. Plain words are no chips. */
export function chipsOf(address: Pick<Address, 'get'>, specs: readonly Spec[]): Chip[] {
  return specs.flatMap((spec) => {
    if (spec.control === 'search') return [];
    const values = valuesOf(spec, address.get(spec.key));
    return valid(spec, values).map((value) => ({ spec, value }));
  });
}

/** Those that the list is filtered by: an address can hold anything. */
function valid(spec: Spec, values: string[]): string[] {
  if (spec.control === 'choice') return onlyAllowed(values, spec.values);
  return spec.control === 'time' ? values.filter(isMoment) : values;
}

/** What of the address changes when these chips are all there are. */
export function changesFor(specs: readonly Spec[], chips: readonly Chip[]): Record<string, string | null> {
  const entries = specs.flatMap((spec) => {
    if (spec.control === 'search') return [];
    const values = [...new Set(chips.filter((chip) => chip.spec === spec).map(({ value }) => value))];
    return [[spec.key, (isSingle(spec) ? values.slice(-1) : values).join(',') || null] as const];
  });
  return Object.fromEntries(entries);
}

const isSingle = (spec: Spec) =>
  ['text', 'time', 'link', 'named'].includes(spec.control) ||
  (spec.control === 'choice' && spec.yes !== undefined);

/** The value of a chip in the reader's language. */
export function chipWords(t: TFunction, { spec, value }: Chip): string {
  switch (spec.control) {
    case 'choice':
      return serverWord(t, spec.words, value);
    case 'time':
      return serverWord(t, 'dayWord', value);
    case 'named':
      return spec.known().get(value) ?? t('query.nameUnread');
    default:
      return value;
  }
}
