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
  /** The part of the filter that all of them have. */
  within?: object;
  /** The first one is shown without a query. */
  builtIn: readonly [BuiltInView, ...BuiltInView[]];
}

/** Views of one list. With the built-in ones they are counted by one request, which has at most 25 fields. */
export const MOST_VIEWS = 20;
export const LONGEST_NAME = 40;
/** Of one view, which the server keeps as one value. */
export const MOST_BYTES = 16 * 1024;
/** For its place. */
const ROOM = 64;

/** A view as it is kept: under its id, so that one that was saved elsewhere meanwhile stays. */
export type KeptView = Omit<View, 'id'> & { place: number };

/** The views by their ids, in their order. What was kept may be from another version, or written by hand. */
function readKept(given: Readonly<Record<string, unknown>>): { view: View; place: number }[] {
  return Object.entries(given)
    .flatMap(([id, one]) => {
      const { name, query, columns, place } = (one ?? {}) as Partial<Record<keyof KeptView, unknown>>;
      if (typeof name !== 'string' || query === null || typeof query !== 'object') return [];
      const texts = Object.entries(query).filter(([, value]) => typeof value === 'string');
      const arranged = columns ? { columns: readArrangement(columns) } : {};
      const view: View = { id, name, query: Object.fromEntries(texts), ...arranged };
      return [{ view, place: typeof place === 'number' ? place : MOST_VIEWS }];
    })
    .sort((one, other) => one.place - other.place || one.view.id.localeCompare(other.view.id))
    .slice(0, MOST_VIEWS);
}

export const readViews = (given: Readonly<Record<string, unknown>>): View[] =>
  readKept(given).map(({ view }) => view);

/** What is to be kept so that these are the views, by id; null for one that is deleted. The others are left alone. */
export function changesOf(
  given: Readonly<Record<string, unknown>>,
  views: readonly View[],
): Record<string, KeptView | null> {
  const before = readKept(given);
  const known = new Map(before.map(({ view, place }) => [view.id, keptText(view, place)]));
  const changed = views
    .map((view, place) => ({ view, place }))
    .filter(({ view, place }) => known.get(view.id) !== keptText(view, place))
    .map(({ view: { id, ...view }, place }): [string, KeptView] => [id, { ...view, place }]);
  const gone = before
    .filter(({ view }) => !views.some(({ id }) => id === view.id))
    .map(({ view }): [string, null] => [view.id, null]);
  return Object.fromEntries([...changed, ...gone]);
}

/** The server does not keep the order of the keys. */
function keptText({ name, query, columns }: View, place: number): string {
  return JSON.stringify([place, name, Object.entries(query).sort(), columns && readArrangement(columns)]);
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
  const bytes = (view: View) => new TextEncoder().encode(JSON.stringify(view)).length;
  return views.some((view) => bytes(view) > MOST_BYTES - ROOM) ? 'tooLarge' : null;
}

/** With one view a place further; the same ones where it is the last. */
export function movedView(views: readonly View[], id: string, step: 1 | -1): readonly View[] {
  const at = views.findIndex((view) => view.id === id);
  const [one, other] = [views[at], views[at + step]];
  if (!one || !other) return views;
  return views.map((view) => (view === one ? other : view === other ? one : view));
}
