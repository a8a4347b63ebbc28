import { isMap, isScalar, LineCounter, parseAllDocuments } from 'yaml';

/** One document of a text, with what it says it is. */
export interface ManifestDocument {
  from: number;
  to: number;
  /** Its first line, the first of the text being 1. */
  line: number;
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  /** Whether it can be read. */
  isWhole: boolean;
}

/** The documents of a text that have something in them. */
export function documentsOf(text: string): ManifestDocument[] {
  const counter = new LineCounter();
  const parsed = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false, lineCounter: counter });
  let end = 0;
  return [...parsed].flatMap((document) => {
    const from = end;
    end = document.range[2];
    const { contents, errors } = document;
    if (!contents || (isScalar(contents) && contents.value === null)) return [];
    const said = (...path: string[]) => {
      const found = isMap(contents) ? contents.getIn(path) : undefined;
      return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
    };
    return {
      from,
      to: end,
      line: counter.linePos(contents.range?.[0] ?? from).line,
      apiVersion: said('apiVersion'),
      kind: said('kind'),
      namespace: said('metadata', 'namespace'),
      name: said('metadata', 'name'),
      isWhole: errors.length === 0,
    };
  });
}

/** The public id of a kind: with its group where that has a dot. */
export function kindIdOf(apiVersion: string, kind: string): string {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return group.includes('.') ? `${kind}.${group}` : kind;
}

/**
 * Whether values of a Secret may stand in a text. It need not parse: nothing of it must be kept while it is being written, or
 * where it is an item of a list.
 */
export const mayHoldSecret = (text: string) =>
  /kind["']?\s*:\s*(?:[!&]\S*\s+)*["']?Secret(?![\w.])/.test(text);

/** The notation of a text, by how it begins. */
export const notationOf = (text: string) => (/^\s*[{[]/.test(text) ? 'json' : 'yaml');

/** Texts one after the other, as documents of one. */
export function joined(texts: readonly string[]): string {
  const filled = texts.filter((text) => text.trim() !== '');
  return filled.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('---\n');
}
