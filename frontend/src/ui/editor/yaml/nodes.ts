import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Pair,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Json, Source } from './source';

export type Path = readonly (string | number)[];
type Collection = YAMLMap | YAMLSeq;

/** Writes a value, and the collections around it that are missing. Comments stay with the value they are about. */
export function set(document: Document, path: Path, value: Json): void {
  const parent = own(document, path.slice(0, -1), typeof path.at(-1) === 'number' ? 'list' : 'map');
  const key = path.at(-1);
  const found = parent.get(key, true);
  if (isScalar(found) && (value === null || typeof value !== 'object')) {
    replace(document, found, value);
  } else parent.set(key, node(document, value));
}

/** Takes a value away, and the collections around it that are then empty. The comments of a single value stay. */
export function remove(document: Document, path: Path): void {
  if (!document.hasIn(path) && valueAt(document.toJS(), path) === undefined) return;
  const key = path.at(-1);
  const parent = own(document, path.slice(0, -1), typeof key === 'number' ? 'list' : 'map');
  expandMerge(document, parent);
  const removed = parent.get(key, true);
  detach(document, removed);
  if (!isMap(removed) && !isSeq(removed)) keepComments(parent, key);
  parent.delete(key);
  if (parent.items.length === 0 && path.length > 1 && !hasComments(document, path.slice(0, -1))) {
    remove(document, path.slice(0, -1));
  }
}

/** A field that is emptied to be typed anew leaves its comments at the end of what it was in. */
function keepComments(parent: Collection, key: unknown): void {
  const pair = isMap(parent) ? parent.items.find((one) => keyOf(one) === key) : undefined;
  if (!pair) return;
  const nodes = [pair.key, pair.value].filter(isNode);
  const comments = nodes.flatMap(({ commentBefore, comment }) => [commentBefore, comment]);
  parent.comment = [parent.comment, ...comments].filter(Boolean).join('\n') || null;
}

function hasComments(document: Document, path: Path): boolean {
  const parent = document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent) ? parent.items.find((one) => keyOf(one) === path.at(-1)) : undefined;
  const nodes = [pair?.key, document.getIn(path, true)].filter(isNode);
  return nodes.some(({ commentBefore, comment }) => commentBefore || comment);
}

/** Adds an item at the end of a list. */
export function append(document: Document, path: Path, value: Json): void {
  (own(document, path, 'list') as YAMLSeq).add(node(document, value));
}

/** The entries of a map in their order, one that is there twice included. */
export function entriesOf(
  { document, value }: Pick<Source, 'document' | 'value'>,
  path: Path,
): [string, Json | undefined][] {
  const map = document.getIn(path, true);
  // An alias or a merge key has no pairs of its own here.
  if (!isMap(map) || map.items.some(isMerge)) return Object.entries(valueAt(value, path) ?? {});
  return map.items.map((pair) => [
    String(keyOf(pair)),
    isNode(pair.value) ? pair.value.toJS(document) : (pair.value as Json),
  ]);
}

/** The entry of a map at an index: its key, its value, or both. */
export function setEntry(
  document: Document,
  path: Path,
  index: number,
  entry: { key?: string; value?: Json },
) {
  const map = own(document, path, 'map') as YAMLMap;
  expandMerge(document, map);
  const pair = map.items[index];
  if (!pair) return;
  if (entry.key !== undefined) {
    if (isScalar(pair.key)) replace(document, pair.key, entry.key);
    else pair.key = document.createNode(entry.key);
  }
  if (entry.value === undefined) return;
  if (isScalar(pair.value)) replace(document, pair.value, entry.value);
  else pair.value = document.createNode(entry.value);
}

export function addEntry(document: Document, path: Path, key: string, value: string): void {
  const map = own(document, path, 'map') as YAMLMap;
  expandMerge(document, map);
  map.items.push(new Pair(document.createNode(key), document.createNode(value)));
}

export function removeEntry(document: Document, path: Path, index: number): void {
  const map = own(document, path, 'map') as YAMLMap;
  expandMerge(document, map);
  map.items.splice(index, 1);
  if (map.items.length === 0 && !map.comment && !map.commentBefore) remove(document, path);
}

/**
 * The collection at a path, made where it is missing. An alias on the way becomes a copy of what it stands for, and what
 * stands for a node on the way becomes a copy of that: a change here changes nothing elsewhere.
 */
export function own(document: Document, path: Path, type: 'map' | 'list'): Collection {
  let collection = document.contents as unknown as Collection;
  detach(document, collection);
  for (const [index, key] of path.entries()) {
    expandMerge(document, collection);
    const found = collection.get(key, true);
    const next = path[index + 1];
    const expected = next === undefined ? type : typeof next === 'number' ? 'list' : 'map';
    let child: unknown = isAlias(found) ? node(document, found.toJS(document)) : found;
    if (expected === 'map' ? !isMap(child) : !isSeq(child)) child = empty(document, expected, found);
    if (child !== found) collection.set(key, child);
    detach(document, child as Collection);
    collection = child as Collection;
    if (collection.items.length === 0) collection.flow = false;
  }
  return collection;
}

/** A collection in the place of a value that is none, such as the nothing after `labels:`. */
function empty(document: Document, type: 'map' | 'list', instead: unknown): Collection {
  const made = document.createNode(type === 'map' ? {} : []) as unknown as Collection;
  if (!isNode(instead)) return made;
  made.commentBefore = [instead.commentBefore, instead.comment].filter(Boolean).join('\n') || null;
  return made;
}

/** Gives each alias of a node a copy of its own. */
function detach(document: Document, anchored: unknown): void {
  if (!(isMap(anchored) || isSeq(anchored) || isScalar(anchored)) || !anchored.anchor) return;
  visit(document, {
    Alias: (_key, alias) =>
      alias.resolve(document) === anchored ? node(document, alias.toJS(document)) : undefined,
  });
  anchored.anchor = undefined;
}

/** Writes out what a merge key brings into a map, so that each entry is a pair of its own. */
function expandMerge(document: Document, map: Collection): void {
  if (!isMap(map) || !map.items.some(isMerge)) return;
  const entries = Object.entries(map.toJS(document) as Record<string, Json>);
  const pairs = new Map(map.items.map((pair) => [String(keyOf(pair)), pair]));
  map.items = entries.map(
    ([key, value]) => pairs.get(key) ?? new Pair(document.createNode(key), node(document, value)),
  );
}

function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && typeof pair.key.value === 'symbol';
}

function replace(document: Document, scalar: Scalar, value: Json): void {
  detach(document, scalar);
  // Nothing can only be written in quotes; what is typed in its place may not need them.
  if (scalar.value === '') scalar.type = undefined;
  // How the old number was written.
  scalar.format = undefined;
  scalar.source = undefined;
  scalar.minFractionDigits = undefined;
  scalar.tag = undefined;
  scalar.value = value;
}

function keyOf(pair: Pair): unknown {
  return isScalar(pair.key) ? pair.key.value : pair.key;
}

/** Without aliases: what stands in two places of a value is written twice. */
export function node(document: Document, value: Json) {
  return document.createNode(value, { aliasDuplicateObjects: false });
}

export function valueAt(value: unknown, path: Path): Json | undefined {
  let found = value as Json | undefined;
  for (const key of path) {
    if (found === null || typeof found !== 'object') return undefined;
    found = (found as Record<string | number, Json | undefined>)[key];
  }
  return found;
}
