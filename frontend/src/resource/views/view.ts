import type { TextKey } from '@/language/texts';
import { type Arrangement, readArrangement } from '../columns/arrangement';

/** What of the address a view holds: the values of the filters and the order. */
export type Query = Readonly<Record<string, string>>;

/** A query of a list under a name, as a person saved it. */
export interface View {
  id: string;
  name: string;
  query: Query;
  /** How its columns are arranged; as the list gives them if absent. */
  columns?: Arrangement;
}

/** A view that everybody has. */
export interface BuiltInView {
  id: string;
  name: TextKey;
  query: Query;
  /** Whether its rows are trouble. */
  isTrouble?: boolean;
}

/** The views of a list, as data. */
export interface ViewsSpec {
  /** The field of the server that lists the rows, and the type of its filter. */
  field: string;
  filter: string;
  /** The first one is shown without a query. */
  builtIn: readonly [BuiltInView, ...BuiltInView[]];
}

/** Views of one list. With the built-in ones they are counted by one request, which has at most 25 fields. */
export const MOST_VIEWS = 20;
export const LONGEST_NAME = 40;
/** Of all views of a list together: the server keeps them as one value. */
export const MOST_BYTES = 16 * 1024;

/** What was kept may be from another version, or written by hand. */
export function readViews(given: unknown): View[] {
  if (!Array.isArray(given)) return [];
  return given.slice(0, MOST_VIEWS).flatMap((one: Partial<Record<keyof View, unknown>> | null) => {
    const { id, name, query, columns } = one ?? {};
    if (typeof id !== 'string' || typeof name !== 'string' || query === null || typeof query !== 'object')
      return [];
    const texts = Object.entries(query ?? {}).filter(([, value]) => typeof value === 'string');
    return [
      {
        id,
        name,
        query: Object.fromEntries(texts),
        ...(columns ? { columns: readArrangement(columns) } : {}),
      },
    ];
  });
}

/** Whether two queries find the same rows in the same order. Values of a filter may be written in any order. */
export function isSameQuery(one: Query, other: Query): boolean {
  return plainText(one) === plainText(other);
}

function plainText(query: Query): string {
  const parts = Object.entries(query).filter(([, value]) => value);
  return JSON.stringify(parts.map(([key, value]) => [key, value.split(',').sort().join()]).sort());
}

/** A query as if it was the address. */
export function addressOf(query: Query) {
  return {
    get: (key: string) => query[key] ?? '',
    list: (key: string) => query[key]?.split(',').filter(Boolean) ?? [],
  };
}

export type Refusal = 'most' | 'tooLarge' | 'taken';

/** Why these views cannot be kept; null if they can. */
export function refusalOf(views: readonly View[]): Refusal | null {
  const names = new Set(views.map(({ name }) => name.toLowerCase()));
  if (views.length > MOST_VIEWS) return 'most';
  if (names.size < views.length) return 'taken';
  return new TextEncoder().encode(JSON.stringify(views)).length > MOST_BYTES ? 'tooLarge' : null;
}

/** With one view a place further; the same ones where it is the last. */
export function movedView(views: readonly View[], id: string, step: 1 | -1): readonly View[] {
  const at = views.findIndex((view) => view.id === id);
  const [one, other] = [views[at], views[at + step]];
  if (!one || !other) return views;
  return views.map((view) => (view === one ? other : view === other ? one : view));
}
