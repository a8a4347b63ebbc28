import { expect, it } from 'vitest';
import { columnsFor, widthOf } from '@/resource/resource-table';
import { objectRow } from '@/test/samples';
import { columnsOf, printedOf } from './columns';

/** Beside the rail, and the boxes that select a row. */
const WIDE = 991 - 40;
const NARROW = 390 - 40;
const printed = ['Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Selector', 'Policy', 'Family', 'Class'];
const listed = { kind: 'Service', isRecorded: true, isNamespaced: true, printed };
const titles = (columns: readonly { title: string }[]) => columns.map(({ title }) => title);

it('what the server prints stands in its order, and what does not fit is left out from its end', () => {
  const columns = columnsOf(listed);
  expect(titles(columns).filter((title) => title.startsWith('given:'))).toEqual(
    printed.map((name) => `given:${name}`),
  );
  const fitting = columnsFor(columns, false, WIDE);
  expect(widthOf(fitting)).toBeLessThanOrEqual(WIDE);
  expect(titles(fitting)).toEqual(
    expect.arrayContaining(['workloads.state', 'given:Type', 'given:Cluster-IP', 'workloads.age']),
  );
  expect(titles(fitting)).not.toContain('given:Class');
  expect(widthOf(columnsFor(columns, true, NARROW))).toBeLessThanOrEqual(NARROW);
});

it.each([
  ['of a kind', listed, false, true],
  ['of a kind outside namespaces', { ...listed, isNamespaced: false }, false, false],
  ['of all kinds', { ...listed, kind: undefined }, true, true],
])('a list %s says where its objects are', (_, of, hasKind, hasNamespace) => {
  expect(titles(columnsOf(of)).includes('workloads.kind')).toBe(hasKind);
  expect(titles(columnsOf(of)).includes('workloads.namespace')).toBe(hasNamespace);
});

it('what is read live cannot be sorted', () => {
  const sorted = columnsOf({ ...listed, isRecorded: false }).filter(({ sort }) => sort);
  expect(sorted).toEqual([]);
});

it('a column that an object does not have is empty', () => {
  const row = objectRow('Service', 'web', { columns: { Type: 'ClusterIP', Odd: 7 } });
  expect(['Type', 'Odd', 'None'].map((name) => printedOf(row, name))).toEqual(['ClusterIP', '', '']);
  expect(printedOf({ columns: null }, 'Type')).toBe('');
});
