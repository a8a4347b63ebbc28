import { type Document, isSeq } from 'yaml';
import { align } from './lines';
import { node, own, type Path, remove, set, valueAt } from './nodes';
import { edit, type Json } from './source';

/** The text with another value: what is alike in both keeps its comments and its form. */
export function reconcile(text: string, value: Json): string {
  return edit(text, (document) => change(document, [], value));
}

function change(document: Document, path: Path, value: Json): void {
  const found = valueAt(document.toJS(), path);
  if (found !== undefined && isSame(found, value)) return;
  const before = found ?? null;
  if (Array.isArray(before) && Array.isArray(value)) changeList(document, path, before, value);
  else if (isMap(before) && isMap(value)) {
    for (const key of Object.keys(before)) if (!(key in value)) remove(document, [...path, key]);
    for (const [key, entry] of Object.entries(value)) change(document, [...path, key], entry ?? null);
    // Emptying it may have taken it away.
    if (Object.keys(value).length === 0 && path.length > 0) set(document, path, {});
  } else set(document, path, value);
}

/** An item with the name of an old one is that item, wherever it stands now. */
function changeList(document: Document, path: Path, before: Json[], value: Json[]): void {
  const pairs = align(before, value, (one, other) => nameOf(one) === nameOf(other));
  const list = own(document, path, 'list');
  if (!isSeq(list)) return;
  const old = new Map(pairs.map(([from, to]) => [to, list.items[from]]));
  list.items = value.map((item, index) => old.get(index) ?? node(document, item));
  for (const [, to] of pairs) change(document, [...path, to], value[to] as Json);
}

function nameOf(item: Json): string {
  const name = isMap(item) ? (item.name ?? item.containerPort) : undefined;
  return JSON.stringify(name ?? item);
}

const isMap = (value: Json): value is { [key: string]: Json | undefined } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const isSame = (one: Json, other: Json) => JSON.stringify(one) === JSON.stringify(other);
