import { expect, it } from 'vitest';
import { columnsFor, widthOf } from '@/resource/resource-table';
import { columns, withoutRegistry } from './columns';

// 1280 pixels less the rail, the padding and border around the table, the scroll bars of page and table, and the boxes
// that select a row.
const PANEL = 1280 - 217 - 2 * 20 - 2 * 1 - 2 * 15 - 40;

it.each([
  ['wide', PANEL, false],
  ['narrow', 390 - 2 * 12 - 2, true],
])('the columns fit into a %s window', (_, width, isNarrow) => {
  expect(widthOf(columnsFor(columns, isNarrow, width))).toBeLessThanOrEqual(width);
});

it.each([
  ['busybox:1', 'busybox:1'],
  ['registry.example:5000/shop/checkout:5.2.0', 'checkout:5.2.0'],
  ['ghcr.io/a/b@sha256:ab/c', 'b@sha256:ab/c'],
])('an image is shown without its registry: %s', (image, shown) => {
  expect(withoutRegistry(image)).toBe(shown);
});

it('usage and age are among the columns of a small window', () => {
  const titles = columnsFor(columns, false, PANEL).map(({ title }) => title);
  expect(titles).toEqual(
    expect.arrayContaining(['pods.restarts', 'usage.cpu', 'usage.memory', 'workloads.age']),
  );
});
