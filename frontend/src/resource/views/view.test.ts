import { expect, it } from 'vitest';
import {
  changesOf,
  isSameQuery,
  type KeptView,
  MOST_VIEWS,
  movedView,
  readViews,
  refusalOf,
  type View,
} from './view';

const view = (id: string, more: Partial<View> = {}): View => ({ id, name: `view ${id}`, query: {}, ...more });
const many = (count: number) => Array.from({ length: count }, (_, index) => view(String(index)));

const keep = (views: readonly View[]): Record<string, KeptView | null> => changesOf({}, views);

it('views are read as they were kept', () => {
  const columns = { order: [], hidden: ['pods.node'], shown: [], pinned: [] };
  const kept = [view('a', { query: { ns: 'shop', sort: 'NAME-ASC' }, columns }), view('b')];
  expect(readViews(JSON.parse(JSON.stringify(keep(kept))))).toEqual(kept);
});

it.each([
  [{}],
  [
    {
      a: 7,
      b: null,
      c: 'a',
      d: [],
      e: { name: 'a' },
      f: { name: 'a', query: null },
      g: { name: 1, query: {} },
    },
  ],
])('%j holds no view', (given) => {
  expect(readViews(given)).toEqual([]);
});

it('of a view from elsewhere only texts of the query are taken, and not more views than there may be', () => {
  expect(readViews({ a: { name: 'a', query: { ns: 'shop', kind: 7 }, columns: 3 } })).toEqual([
    { id: 'a', name: 'a', query: { ns: 'shop' }, columns: { order: [], hidden: [], shown: [], pinned: [] } },
  ]);
  expect(readViews(keep(many(MOST_VIEWS + 5)))).toHaveLength(MOST_VIEWS);
});

it('only what is another one now is written, so that a view that was saved elsewhere stays', () => {
  const [a, b] = [view('a', { query: { ns: 'shop', q: 'x' } }), view('b')];
  // The server gives the keys back in its own order.
  const given = { a: { place: 0, query: { q: 'x', ns: 'shop' }, name: 'view a' }, b: keep([a, b]).b };
  expect(changesOf(given, [a, b])).toEqual({});
  expect(changesOf(given, [a, b, view('c')])).toEqual({ c: { name: 'view c', query: {}, place: 2 } });
  expect(changesOf(given, [a])).toEqual({ b: null });
  expect(Object.keys(changesOf(given, [b, a])).sort()).toEqual(['a', 'b']);
});

it('the same values in another order are the same query', () => {
  expect(isSameQuery({ ns: 'a,b', kind: 'JOB' }, { kind: 'JOB', ns: 'b,a' })).toBe(true);
  expect(isSameQuery({ ns: 'a', q: '' }, { ns: 'a' })).toBe(true);
  expect(isSameQuery({ ns: 'a,b' }, { ns: 'a' })).toBe(false);
  expect(isSameQuery({ ns: 'a' }, { q: 'a' })).toBe(false);
  expect(isSameQuery({}, { sort: 'NAME-ASC' })).toBe(false);
});

it('too many views, a name twice and more than the server keeps are refused', () => {
  expect(refusalOf(many(MOST_VIEWS))).toBeNull();
  expect(refusalOf(many(MOST_VIEWS + 1))).toBe('most');
  expect(refusalOf([view('a', { name: 'Shop' }), view('b', { name: 'shop' })])).toBe('taken');
  // 6,000 characters, but three bytes each.
  expect(refusalOf([view('a', { query: { q: '视'.repeat(6_000) } })])).toBe('tooLarge');
});

it('a view changes places with the next one, and stays where there is none', () => {
  const views = [view('a'), view('b'), view('c')];
  const ids = (moved: readonly View[]) => moved.map(({ id }) => id).join('');
  expect(ids(movedView(views, 'b', -1))).toBe('bac');
  expect(ids(movedView(views, 'b', 1))).toBe('acb');
  expect(movedView(views, 'a', -1)).toBe(views);
  expect(movedView(views, 'c', 1)).toBe(views);
});
