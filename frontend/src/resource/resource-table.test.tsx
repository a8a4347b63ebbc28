// @vitest-environment jsdom

import { act, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { pointAt } from '@/test/pointer';
import { show } from '@/test/render';
import { preferred } from '@/ui/preferences/preferences-slice';
import { AS_GIVEN } from './columns/arrangement';
import { type Column, columnsFor, ResourceTable } from './resource-table';

interface Thing {
  id: string;
}

const columns: Column<Thing>[] = [
  { title: 'workloads.name', sort: 'NAME', width: 200, narrow: 200, cell: ({ id }) => <a href={id}>{id}</a> },
  { title: 'workloads.kind', width: 100, cell: () => 'kind' },
];

const window_ = (ids: string) => ({
  nodes: [...ids].map((id) => ({ id })),
  pageInfo: { hasNextPage: false },
  position: '1',
  changes: {},
  uncertain: false,
});

beforeEach(() => {
  // jsdom has no layout, and a table without a width is not drawn.
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 1000, 36));
});

const onHover = vi.fn();

const open = (table: ReactElement) => {
  const shown = show(table);
  act(() => void globalThis.dispatchEvent(new Event('resize')));
  return shown;
};

const onSelect = vi.fn();
const onLeave = vi.fn();
const onKey = vi.fn();
const onColumns = vi.fn();

const table = (ids: string, selected: string[] = [], arrangement = AS_GIVEN) => (
  <ResourceTable<Thing>
    name="thing"
    columns={columns}
    data={({ id }) => ({ 'data-name': id })}
    rowActions={({ id }) => <button type="button">logs of {id}</button>}
    Unfolded={({ row }) => <p>more of {row.id}</p>}
    window={window_(ids)}
    label="Things"
    arrangement={arrangement}
    onSort={() => {}}
    of="things"
    scrollTop={0}
    gone={new Set('b')}
    selected={selected}
    onSelect={onSelect}
    nameOf={({ id }) => id}
    onLeave={onLeave}
    rowKeys={[{ keys: ['l'], run: onKey }]}
    onHover={onHover}
    onColumns={onColumns}
  />
);

it('each row has its actions in its last cell, where the keyboard gets at them', async () => {
  open(table('ab'));
  const row = screen.getAllByTestId('thing-row')[1] as HTMLElement;
  const cells = row.querySelectorAll('.ant-table-cell');
  expect(cells[cells.length - 1]).toContainElement(within(row).getByText('logs of b'));
  within(row).getByText('b').focus();
  await userEvent.tab();
  expect(within(row).getByText('logs of b')).toHaveFocus();
});

it('a row unfolds to what does not fit on its line', async () => {
  open(table('ab'));
  expect(screen.queryByText('more of a')).toBeNull();
  await userEvent.click(screen.getAllByRole('button', { name: 'Expand row' })[0] as HTMLElement);
  expect(screen.getByText('more of a')).toBeVisible();
  expect(screen.queryByText('more of b')).toBeNull();
});

it('j and k move the focus from row to row, and stop at the ends', async () => {
  open(table('abc'));
  await userEvent.keyboard('j');
  expect(screen.getByText('a')).toHaveFocus();
  await userEvent.keyboard('jjj');
  expect(screen.getByText('c')).toHaveFocus();
  await userEvent.keyboard('k');
  expect(screen.getByText('b')).toHaveFocus();
  (document.activeElement as HTMLElement).blur();
  await userEvent.keyboard('k');
  expect(screen.getByText('a')).toHaveFocus();
});

it('a row that is gone is marked, and the pointer on the rows is told', async () => {
  open(table('ab'));
  expect(screen.getAllByTestId('thing-row').map((row) => row.classList.contains('gone'))).toEqual([
    false,
    true,
  ]);
  pointAt(screen.getByText('a'));
  expect(onHover).toHaveBeenLastCalledWith(true);
  await userEvent.unhover(screen.getByTestId('thing-table'));
  expect(onHover).toHaveBeenLastCalledWith(false);
});

it('the columns stand as the person arranged them, the pinned ones in view', () => {
  open(table('a', [], { order: [], hidden: [], shown: [], pinned: ['workloads.kind'] }));
  const heads = screen
    .getAllByRole('columnheader')
    .filter(({ textContent }) => textContent !== 'Details' && textContent);
  expect(heads.map(({ textContent }) => textContent)).toEqual(['Kind', 'Name']);
  expect(heads.map(({ className }) => /cell-fix/.test(className))).toEqual([true, false]);
});

it('it is told which columns there are and which of them fit, once', () => {
  onColumns.mockClear();
  const { rerender } = open(table('a'));
  rerender(table('ab'));
  const given = ['workloads.name', 'workloads.kind'];
  expect(onColumns.mock.calls).toEqual([[{ given, fitting: given }]]);
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 400, 36));
  act(() => void globalThis.dispatchEvent(new Event('resize')));
  expect(onColumns).toHaveBeenLastCalledWith({ given, fitting: ['workloads.name'] });
});

it('x selects the row that has the focus, or no longer, and Escape none', async () => {
  open(table('ab', ['b']));
  await userEvent.keyboard('jx');
  expect(onSelect).toHaveBeenLastCalledWith(['b', 'a']);
  await userEvent.keyboard('jx');
  expect(onSelect).toHaveBeenLastCalledWith([]);
  onSelect.mockClear();
  await userEvent.keyboard('{Escape}');
  expect(onSelect).toHaveBeenCalledWith([]);
});

it('the space bar is left to the browser until there is a preview', async () => {
  onSelect.mockClear();
  open(table('ab'));
  await userEvent.keyboard('j');
  const isLeft = fireEvent.keyDown(screen.getByText('a'), { key: ' ' });
  expect(isLeft).toBe(true);
  expect(onSelect).not.toHaveBeenCalled();
});

it('other keys act on the row that has the focus, and on none where none has it', async () => {
  onKey.mockClear();
  open(table('ab'));
  await userEvent.keyboard('l');
  expect(onKey).not.toHaveBeenCalled();
  await userEvent.keyboard('jjl');
  expect(onKey.mock.calls).toEqual([[{ id: 'b' }]]);
  expect(onLeave).toHaveBeenCalled();
});

it('Escape selects none while a box has the focus, and for a person who uses no single keys', async () => {
  const { store } = open(table('ab', ['b']));
  act(() => void store.dispatch(preferred({ keys: 'off' })));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Select a' }));
  onSelect.mockClear();
  await userEvent.keyboard('x');
  expect(onSelect).not.toHaveBeenCalled();
  await userEvent.keyboard('{Escape}');
  expect(onSelect).toHaveBeenCalledWith([]);
});

it('each box says which row it selects', async () => {
  open(table('ab'));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Select b' }));
  expect(onSelect).toHaveBeenLastCalledWith(['b']);
});

it.each([
  [300, ['workloads.name 100', 'workloads.state 150', 'workloads.kind 50']],
  [249, ['workloads.name 100', 'workloads.state 149']],
  [400, ['workloads.name 100', 'workloads.state 160', 'workloads.kind 50', 'workloads.images 90']],
  [150, ['workloads.name 100', 'workloads.state 80']],
])('in %s pixels spare columns are left out, and what is left over is given away', (room, shown) => {
  const cell = () => null;
  const all: Column<Thing>[] = [
    { title: 'workloads.name', width: 100, cell },
    { title: 'workloads.state', width: 100, widest: 160, least: 80, cell },
    { title: 'workloads.kind', width: 50, spare: 2, cell },
    { title: 'workloads.images', width: 90, spare: 1, cell },
  ];
  expect(columnsFor(all, false, room).map(({ title, width }) => `${title} ${width}`)).toEqual(shown);
});
