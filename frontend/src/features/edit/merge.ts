import type { Json } from '@/ui/editor/yaml/source';

/** A field that both changed, in different ways. */
export interface Overlap {
  /** A JSON pointer. An item of a list that has a name stands there by its name. */
  path: string;
  base: Json | undefined;
  theirs: Json | undefined;
  yours: Json | undefined;
}

export type Side = 'theirs' | 'yours';

export interface Merged {
  value: Json | undefined;
  overlaps: readonly Overlap[];
  /** The fields that only the others changed. */
  taken: readonly string[];
}

interface Three {
  base: Json | undefined;
  theirs: Json | undefined;
  yours: Json | undefined;
}

type JsonMap = { [key: string]: Json | undefined };

/** What an item of a list is called, as Kubernetes tells most of its lists apart. The first that all items have counts. */
const NAMES = [
  'name',
  'key',
  'containerPort',
  'port',
  'mountPath',
  'devicePath',
  'ip',
  'topologyKey',
  'type',
  'uid',
];

/** Puts together what the author and others changed since they both had the same. */
export function merge(three: Three, sideOf: (path: string) => Side): Merged {
  const overlaps: Overlap[] = [];
  const taken: string[] = [];

  const at = (path: string, { base, theirs, yours }: Three): Json | undefined => {
    if (isSame(theirs, yours) || isSame(base, theirs)) return yours;
    if (isSame(base, yours)) {
      taken.push(path);
      return theirs;
    }
    if (isMap(theirs) && isMap(yours)) return maps(path, { base: isMap(base) ? base : {}, theirs, yours });
    const lists = namedLists(base, theirs, yours);
    if (lists) return items(path, lists);
    overlaps.push({ path, base, theirs, yours });
    return sideOf(path) === 'yours' ? yours : theirs;
  };

  const maps = (path: string, { base, theirs, yours }: Record<keyof Three, JsonMap>): Json => {
    const keys = new Set([...Object.keys(yours), ...Object.keys(theirs), ...Object.keys(base)]);
    const value: JsonMap = {};
    for (const key of keys) {
      const three = { base: base[key], theirs: theirs[key], yours: yours[key] };
      const found = at(`${path}/${escaped(key)}`, three);
      if (found !== undefined) value[key] = found;
    }
    return value;
  };

  /** In the order of the author; what only the others have comes last. */
  const items = (path: string, { base, theirs, yours }: Record<keyof Three, Map<string, Json>>): Json => {
    const names = new Set([...yours.keys(), ...theirs.keys(), ...base.keys()]);
    return [...names].flatMap((name) => {
      const three = { base: base.get(name), theirs: theirs.get(name), yours: yours.get(name) };
      const found = at(`${path}/${escaped(name)}`, three);
      return found === undefined ? [] : [found];
    });
  };

  return { value: at('', three), overlaps, taken };
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

const isMap = (value: Json | undefined): value is JsonMap =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The items of three lists by name; null where one of them has no names. */
function namedLists(base: Json | undefined, theirs: Json | undefined, yours: Json | undefined) {
  if (!Array.isArray(theirs) || !Array.isArray(yours)) return null;
  const before = Array.isArray(base) ? base : [];
  for (const name of NAMES) {
    const [old, other, own] = [byName(before, name), byName(theirs, name), byName(yours, name)];
    if (old && other && own) return { base: old, theirs: other, yours: own };
  }
  return null;
}

function byName(list: readonly Json[], name: string): Map<string, Json> | null {
  const found = new Map<string, Json>();
  for (const item of list) {
    const value = isMap(item) ? item[name] : undefined;
    if (value === undefined || value === null || typeof value === 'object') return null;
    const protocol = isMap(item) && item.protocol ? `/${item.protocol}` : '';
    found.set(`${value}${protocol}`, item);
  }
  return found.size === list.length ? found : null;
}

/** Whether two values are the same, in whatever order their fields stand. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  if (!isMap(one) || !isMap(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}
