import { type Document, isMap, isScalar, LineCounter, parseAllDocuments, type ToStringOptions } from 'yaml';
import { carryOver } from './lines';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

/** Why a form cannot show a text. */
export type Unreadable =
  | { why: 'syntax'; line: number; message: string }
  | { why: 'several'; lines: string }
  | { why: 'noObject' }
  | { why: 'aliases' }
  | { why: 'kind'; kind: string };

/** The one object in a text. */
export interface Source {
  document: Document;
  value: { [key: string]: Json | undefined };
  /** Where its document begins and ends. */
  range: [number, number];
}

export const isReadable = <Read extends object>(read: Read | Unreadable): read is Read => !('why' in read);

/**
 * Parses as the server does: aliases and merge keys are allowed, empty documents do not count. A key that is there twice is
 * no error here, because one is typed on the way from `app` to `app2`; the check of the form names it.
 */
export function open(text: string): Source | Unreadable {
  const counter = new LineCounter();
  const documents: Document.Parsed[] = [
    ...parseAllDocuments(text, {
      merge: true,
      uniqueKeys: false,
      prettyErrors: false,
      // Words such as `on`, which kubectl reads as a boolean, are quoted when they are written as text.
      compat: 'yaml-1.1',
      lineCounter: counter,
    }),
  ];
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error) return { why: 'syntax', line: counter.linePos(error.pos[0]).line, message: error.message };
  const filled = documents.filter(
    ({ contents }) => contents && !(isScalar(contents) && contents.value === null),
  );
  const [document, another] = filled;
  if (another) {
    const lines = filled.map(({ contents }) => counter.linePos(contents?.range?.[0] ?? 0).line);
    return { why: 'several', lines: lines.join(', ') };
  }
  if (!document || !isMap(document.contents)) return { why: 'noObject' };
  const before = documents[documents.indexOf(document) - 1];
  try {
    const value = document.toJS();
    return { document, value, range: [before?.range[2] ?? 0, document.range[2]] };
  } catch {
    return { why: 'aliases' };
  }
}

/**
 * Changes the object in a text. What the change does not concern stays byte for byte as it was: comments, order, quotes,
 * spaces. A text that cannot be read is not changed.
 */
export function edit(text: string, change: (document: Document) => void): string {
  const source = open(text);
  if (!isReadable(source)) return text;
  const { document, range } = source;
  const own = text.slice(...range);
  const style = styleOf(own);
  const before = document.toString(style);
  change(document);
  const after = document.toString(style);
  if (after === before) return text;
  const carried = carryOver(own, before, after);
  const written = isSame(carried, after, style) ? carried : after;
  return text.slice(0, range[0]) + written + text.slice(range[1]);
}

/** Whether two texts say the same, in values and in comments. */
function isSame(text: string, formatted: string, style: ToStringOptions): boolean {
  const source = open(text);
  return isReadable(source) && source.document.toString(style) === formatted;
}

/** How a text is indented, for the lines that are new in it. */
function styleOf(text: string): ToStringOptions {
  const indent = /^( +)[^\s#-]/m.exec(text)?.[1]?.length ?? 2;
  return {
    lineWidth: 0,
    indent: Math.min(indent, 8),
    indentSeq: !/^( *)[^\s#-].*:[ \t]*(#.*)?\n([ \t]*(#.*)?\n)*\1- /m.test(text),
    flowCollectionPadding: !/[{[][^\s}\]]/.test(text),
  };
}
