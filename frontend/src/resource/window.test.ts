import { expect, it } from 'vitest';
import type { ChangeKind } from '@/graphql/generated/graphql';
import { patch, type Window, type WindowArgs, type WindowRules } from './window';

interface Row {
  id: string;
  rank: string;
}

const all: WindowArgs<{ failed?: boolean }> = { filter: {}, first: 3 };
const failed: typeof all = { ...all, filter: { failed: true } };
const rules: WindowRules<Row, typeof all> = {
  id: ({ id }) => id,
  sortKey: ({ rank, id }) => [rank, id],
  isFixed: ({ filter }) => !filter.failed,
};

function window(ids: string, isPartial = false): Window<Row> {
  const nodes = [...ids].map((id) => ({ id, rank: id }));
  return {
    nodes,
    pageInfo: { hasNextPage: isPartial, endCursor: null },
    totalCount: nodes.length + (isPartial ? 10 : 0),
    position: '1',
    changes: {},
    uncertain: false,
  };
}

function change(shown: Window<Row>, kind: ChangeKind, id: string, args = all, rank = id) {
  patch(shown, { kind, id, row: kind === 'REMOVED' ? null : { id, rank } }, args, rules);
  return { rows: shown.nodes.map((row) => row.id).join(''), total: shown.totalCount };
}

it('a changed row is replaced in its place and marked', () => {
  const shown = window('abc');
  const row = { id: 'b', rank: 'b', state: 'FAILED' };
  patch(shown, { kind: 'CHANGED', id: 'b', row }, all, rules);
  expect(shown.nodes[1]).toBe(row);
  expect(shown.changes).toEqual({ b: 1 });
  expect(shown.totalCount).toBe(3);
});

it('a new row takes its place in the order and is counted', () => {
  expect(change(window('ac'), 'ADDED', 'b')).toEqual({ rows: 'abc', total: 3 });
});

it('a row moves when its place in the order changes', () => {
  expect(change(window('abc'), 'CHANGED', 'c', all, 'A').rows).toBe('cab');
});

it('a new row behind the window is counted but not shown', () => {
  expect(change(window('ab', true), 'ADDED', 'z')).toEqual({ rows: 'ab', total: 13 });
});

it('a row that moves out of the window is read again', () => {
  const shown = window('abc', true);
  expect(change(shown, 'CHANGED', 'a', all, 'z')).toEqual({ rows: 'bc', total: 13 });
  expect(shown.uncertain).toBe(true);
});

it('the first row of a later window stays when only its content changes', () => {
  const shown = window('bc', true);
  expect(change(shown, 'CHANGED', 'b', { ...all, after: 'a' }).rows).toBe('bc');
  expect(change(shown, 'ADDED', 'a', { ...all, after: 'a' }).rows).toBe('bc');
  expect(shown.uncertain).toBe(false);
});

it('a repeated change alters nothing the second time', () => {
  const shown = window('a');
  change(shown, 'ADDED', 'b');
  expect(change(shown, 'ADDED', 'b')).toEqual({ rows: 'ab', total: 2 });
});

it('a row that is gone leaves the window and the count', () => {
  expect(change(window('ab'), 'REMOVED', 'a')).toEqual({ rows: 'b', total: 1 });
});

it('the rows of a removed cluster leave at once and the list is read again', () => {
  const shown = window('');
  shown.nodes = ['Pod~dev~shop~a', 'Pod~prod~shop~a', 'Pod~dev~shop~b'].map((id) => ({ id, rank: id }));
  expect(change(shown, 'REMOVED', 'dev').rows).toBe('Pod~prod~shop~a');
  expect(shown.uncertain).toBe(true);
});

it('a removed row that was never shown leaves a complete window as it is', () => {
  const shown = window('ab');
  expect(change(shown, 'REMOVED', 'x', failed)).toEqual({ rows: 'ab', total: 2 });
  expect(shown.uncertain).toBe(false);
});

it('a removed row that was never shown makes a partial total uncertain', () => {
  const shown = window('ab', true);
  expect(change(shown, 'REMOVED', 'x', failed).total).toBe(12);
  expect(shown.uncertain).toBe(true);
});

it('a total that was not requested is neither kept nor read', () => {
  const { totalCount, ...shown } = window('ab', true);
  expect(change(shown, 'REMOVED', 'x', failed).total).toBeUndefined();
  expect(change(shown, 'ADDED', 'aa').rows).toBe('aaab');
  expect(shown.uncertain).toBe(false);
});

it('a row that comes to match a filter is shown and counted', () => {
  expect(change(window('a'), 'CHANGED', 'b', failed)).toEqual({ rows: 'ab', total: 2 });
});

it('a window that grew to twice its size is read again', () => {
  const shown = window('bcd', true);
  for (const id of ['b1', 'b2', 'b3']) change(shown, 'ADDED', id);
  expect(shown.uncertain).toBe(false);
  change(shown, 'ADDED', 'b4');
  expect(shown.uncertain).toBe(true);
});
