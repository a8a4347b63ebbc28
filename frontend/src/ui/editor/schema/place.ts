import type { Path } from '../yaml/nodes';

/** Where a cursor stands in a text of YAML. */
export interface Place {
  /** Of the object, the list or the value that is written there. */
  path: Path;
  at: 'key' | 'value';
  /** The key, as far as it is written. */
  key: string;
  /** Where the word begins that is being written. */
  from: number;
  /** The column of the key. */
  column: number;
  /** The other keys of the same object. */
  others: readonly string[];
}

interface Mark {
  column: number;
  /** Null for the dash of an item. */
  key: string | null;
  /** What follows the key on its line. */
  value: string;
}

const KEY = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'"{}[\],&*!|>%@-][^#]*?|-[^\s#][^#]*?)\s*:(?=\s|$)/;
const SCALAR_BELOW = /^(?:[&!]\S+\s+)*[|>][-+\d]*\s*(?:#.*)?$/;
/** One document begins after it. */
const BOUNDARY = /^(?:---|\.\.\.)(?:\s|$)/;

/** The dashes of a line and its key, with their columns. */
function marksOf(line: string): Mark[] {
  const marks: Mark[] = [];
  let column = /^ */.exec(line)?.[0].length ?? 0;
  for (;;) {
    const dash = /^-(?: +|$)/.exec(line.slice(column));
    if (!dash) break;
    marks.push({ column, key: null, value: '' });
    column += dash[0].length;
  }
  const rest = line.slice(column);
  const found = KEY.exec(rest);
  if (found?.[1]) {
    marks.push({ column, key: unquoted(found[1]), value: rest.slice(found[0].length).trim() });
  }
  return marks;
}

const unquoted = (key: string) => key.replace(/^(["'])(.*)\1$/, '$2');

/**
 * Finds the place by indentation, so that it is known in a text that does not parse because somebody is writing it. Null within
 * a comment, a text of several lines, or a collection in brackets.
 */
export function placeAt(text: string, position: number): Place | null {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  const written = text.slice(start, position);
  const before = documentBefore(text, start);
  if (/(^|\s)#/.test(written) || BOUNDARY.test(written)) return null;
  const dashes = marksOf(written).filter(({ key }) => key === null);
  const column = columnOf(written);
  const rest = written.slice(column);
  const key = KEY.exec(rest);
  if (!key && /[:{[]/.test(rest)) return null;
  const value = key ? rest.slice(key[0].length) : '';
  if (/^\s*[{[|>&*]/.test(value)) return null;
  const path = climb([...before, dashes], column);
  if (!path) return null;
  const own = key?.[1] ? unquoted(key[1]) : rest;
  return {
    path: key ? [...path, own] : path,
    at: key ? 'value' : 'key',
    key: own,
    from: position - (key ? value.trimStart().length : rest.length),
    column,
    others: othersOf(before, after(text, start), dashes, column),
  };
}

/** The place of the key on the line of a position, wherever on it the position is. */
export function lineKeyAt(text: string, position: number): Place | null {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  const end = text.indexOf('\n', position);
  const line = text.slice(start, end < 0 ? text.length : end);
  const column = columnOf(line);
  const key = KEY.exec(line.slice(column));
  return key ? placeAt(text, start + column + key[0].length) : null;
}

/** Where the key of a line stands, behind its dashes. */
function columnOf(written: string): number {
  return /^ *(?:- +)*/.exec(written)?.[0].length ?? 0;
}

/** The lines of the same document that stand above, the nearest one last. */
function documentBefore(text: string, start: number): Mark[][] {
  const lines = text.slice(0, start).split('\n').slice(0, -1);
  const boundary = lines.findLastIndex((line) => BOUNDARY.test(line));
  return lines.slice(boundary + 1).map(marksOf);
}

function after(text: string, start: number): Mark[][] {
  const end = text.indexOf('\n', start);
  const lines = end < 0 ? [] : text.slice(end + 1).split('\n');
  const boundary = lines.findIndex((line) => BOUNDARY.test(line));
  return (boundary < 0 ? lines : lines.slice(0, boundary)).map(marksOf);
}

/** The path of what stands at a column below these lines; null where that is part of a longer text. */
function climb(lines: readonly Mark[][], column: number): Path | null {
  const path: (string | number)[] = [];
  let limit = column;
  let item: { column: number; index: number } | null = null;
  for (let at = lines.length - 1; at >= 0; at--) {
    for (const mark of (lines[at] ?? []).toReversed()) {
      const isParent = item ? mark.column <= item.column : mark.column < limit;
      if (!isParent) continue;
      if (mark.key === null) {
        if (item && mark.column === item.column) {
          item.index += 1;
          continue;
        }
        if (item) path.unshift(item.index);
        item = { column: mark.column, index: 0 };
        continue;
      }
      if (SCALAR_BELOW.test(mark.value)) return null;
      // The key of a list stands above its items or level with them; one beside an item belongs to another object.
      if (item) path.unshift(item.index);
      path.unshift(mark.key);
      item = null;
      limit = mark.column;
    }
  }
  if (item) path.unshift(item.index);
  return path;
}

/** The keys that stand in the same object as one at a column. */
function othersOf(above: readonly Mark[][], below: readonly Mark[][], dashes: Mark[], column: number) {
  const others: string[] = [];
  const take = (marks: readonly Mark[]) => {
    for (const mark of marks) {
      if (mark.column < column) return false;
      if (mark.column === column && mark.key === null) return false;
      if (mark.column === column && mark.key !== null) others.push(mark.key);
    }
    return true;
  };
  if (dashes.length === 0) {
    for (let at = above.length - 1; at >= 0; at--) if (!take((above[at] ?? []).toReversed())) break;
  }
  for (const marks of below) if (!take(marks)) break;
  return others;
}

/** What a document says it is. The first lines of a file say it, so that nothing has to parse. */
export function typeAt(text: string, position: number): { apiVersion: string; kind: string } | null {
  const lines = text.split('\n');
  const at = text.slice(0, position).split('\n').length - 1;
  let first = at;
  while (first > 0 && !BOUNDARY.test(lines[first] ?? '')) first -= 1;
  let last = at + 1;
  while (last < lines.length && !BOUNDARY.test(lines[last] ?? '')) last += 1;
  const own = lines.slice(first, last);
  const said = (key: string) =>
    own
      .map((line) => new RegExp(`^${key}:\\s*["']?([\\w.\\-/]+)`).exec(line)?.[1])
      .find((word) => word !== undefined);
  const [apiVersion, kind] = [said('apiVersion'), said('kind')];
  return apiVersion && kind ? { apiVersion, kind } : null;
}
