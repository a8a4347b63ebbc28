// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { holdOrder, useHeldOrder } from './held-order';

const row = (text: string) => ({ id: text[0] ?? '', text });
const rows = (...texts: string[]) => texts.map(row);
const idOf = ({ id }: { id: string }) => id;
const held = (shown: string[], now: string[]) => {
  const { rows: held, changes, gone } = holdOrder(rows(...shown), rows(...now), idOf);
  return [held.map(({ text }) => text).join(), changes, [...gone].join()];
};

it('rows stay in their places and show what is known of them now', () => {
  expect(held(['a', 'b', 'c'], ['c', 'a2', 'b'])).toEqual(['a2,b,c', 1, '']);
});

it('rows that came, went and moved are counted', () => {
  expect(held(['a', 'b', 'c', 'd'], ['x', 'd', 'a', 'c', 'y'])).toEqual(['a,b,c,d', 4, 'b']);
  expect(held(['a', 'b', 'c'], ['a', 'b', 'c2'])).toEqual(['a,b,c2', 0, '']);
  expect(held(['a', 'b', 'c'], ['c', 'b', 'a'])).toEqual(['a,b,c', 2, '']);
});

it('the order is held while it should be, for one list, and until it is shown', () => {
  const initialProps = { now: rows('a', 'b'), of: 'one', isHeld: true };
  const { result, rerender } = renderHook((props) => useHeldOrder(props.now, props.of, props.isHeld, idOf), {
    initialProps,
  });
  const ids = () => result.current.rows?.map(idOf).join('');
  const now = rows('b', 'a', 'c');
  rerender({ now, of: 'one', isHeld: true });
  expect([ids(), result.current.changes]).toEqual(['ab', 2]);
  act(result.current.show);
  expect([ids(), result.current.changes]).toEqual(['bac', 0]);
  rerender({ now: rows('a'), of: 'one', isHeld: true });
  expect([ids(), [...result.current.gone]]).toEqual(['bac', ['b', 'c']]);
  rerender({ now: rows('a'), of: 'one', isHeld: false });
  expect(ids()).toBe('a');
  rerender({ now: rows('x'), of: 'two', isHeld: true });
  expect([ids(), result.current.changes]).toEqual(['x', 0]);
});
