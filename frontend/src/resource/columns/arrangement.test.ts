import { expect, it } from 'vitest';
import {
  AS_GIVEN,
  arrange,
  moved,
  pinnedOrNot,
  readArrangement,
  shownOrHidden,
  withLeftOut,
} from './arrangement';

const columns = ['name', 'namespace', 'state', 'age'].map((title) => ({ title }));
const shown = (arrangement = AS_GIVEN) =>
  arrange(columns, arrangement)
    .map(({ title }) => title)
    .join(' ');

it('columns stand as the list gives them until a person arranges them', () => {
  expect(shown()).toBe('name namespace state age');
  expect(shown(shownOrHidden(AS_GIVEN, 'namespace'))).toBe('name state age');
  expect(shown(shownOrHidden(shownOrHidden(AS_GIVEN, 'age'), 'age'))).toBe('name namespace state age');
});

it('the column that names the row cannot be hidden', () => {
  expect(shown(shownOrHidden(AS_GIVEN, 'name'))).toBe('name namespace state age');
});

it('a column moves one place, and not beyond the ends', () => {
  const state = moved(columns, AS_GIVEN, 'state', -1);
  expect(shown(state)).toBe('name state namespace age');
  expect(shown(moved(columns, state, 'state', 1))).toBe('name namespace state age');
  expect(moved(columns, AS_GIVEN, 'name', -1)).toBe(AS_GIVEN);
  expect(moved(columns, AS_GIVEN, 'age', 1)).toBe(AS_GIVEN);
});

it('pinned columns stand first, and move among themselves', () => {
  const pinned = pinnedOrNot(pinnedOrNot(AS_GIVEN, 'age'), 'state');
  expect(shown(pinned)).toBe('state age name namespace');
  expect(shown(moved(columns, pinned, 'age', -1))).toBe('age state name namespace');
  expect(moved(columns, pinned, 'age', 1)).toBe(pinned);
  expect(shown(pinnedOrNot(pinned, 'age'))).toBe('state name namespace age');
});

it('a column that is new stands behind its neighbour, and one that is gone is forgotten', () => {
  expect(
    shown({ order: ['age', 'gone', 'namespace', 'name'], hidden: ['gone'], shown: [], pinned: [] }),
  ).toBe('age namespace state name');
});

it('a column that the list leaves out is shown to whoever wants it, and stays hidden for whoever hid it', () => {
  const leftOut = ['namespace'];
  const seen = (arrangement = AS_GIVEN, out = leftOut) => shown(withLeftOut(arrangement, out));
  expect(seen()).toBe('name state age');
  const wanted = shownOrHidden(AS_GIVEN, 'namespace', leftOut);
  expect(seen(wanted)).toBe('name namespace state age');
  expect(seen(shownOrHidden(wanted, 'namespace', leftOut))).toBe('name state age');
  // The list does not leave it out any more.
  expect(seen(AS_GIVEN, [])).toBe('name namespace state age');
  expect(seen(shownOrHidden(wanted, 'namespace'), [])).toBe('name state age');
});

it.each([undefined, null, '', 7, [], { order: 7, hidden: [1] }])('%s is no arrangement', (given) => {
  expect(readArrangement(given)).toEqual(AS_GIVEN);
});
