// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { arrange } from './arrangement';
import { ColumnMenu } from './column-menu';
import { useArrangement } from './use-arrangement';

const columns = [
  { title: 'workloads.name' },
  { title: 'workloads.namespace' },
  { title: 'workloads.kind' },
] as const;

function Table() {
  const [arrangement, set] = useArrangement('thing');
  return (
    <>
      <ColumnMenu name="thing" columns={columns} arrangement={arrangement} arrange={set} />
      <p data-testid="shown">
        {arrange(columns, arrangement)
          .map(({ title }) => title.slice(10))
          .join()}
      </p>
    </>
  );
}

const open = async () => {
  const page = show(<Table />);
  await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
  return page;
};
const shown = () => screen.getByTestId('shown').textContent;

it('a column is hidden and shown, and the choice is a preference of the person', async () => {
  const { store } = await open();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Namespace' }));
  expect(shown()).toBe('name,kind');
  expect(store.getState().preferences.values).toEqual({
    'columns.thing': { order: [], hidden: ['workloads.namespace'], pinned: [] },
  });
  await userEvent.click(screen.getByRole('checkbox', { name: 'Namespace' }));
  expect(shown()).toBe('name,namespace,kind');
});

it('the column that names the row has nothing to hide it by', async () => {
  await open();
  expect(screen.queryByRole('checkbox', { name: 'Name' })).toBeNull();
  expect(screen.getAllByRole('checkbox')).toHaveLength(2);
});

it('a column is moved by its buttons and by Alt with an arrow key, and keeps the focus', async () => {
  await open();
  const earlier = screen.getByRole('button', { name: 'Move Kind to the left' });
  await userEvent.click(earlier);
  expect(shown()).toBe('name,kind,namespace');
  expect(earlier).toHaveFocus();
  expect(screen.getByRole('status')).toHaveTextContent('Kind is column 2 of 3');
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(shown()).toBe('kind,name,namespace');
  expect(earlier).toHaveFocus();
});

it('a pinned column stands first, and everything is as before after a reset', async () => {
  const { store } = await open();
  const pin = screen.getByRole('button', { name: 'Keep Kind in view' });
  expect(pin).toHaveAttribute('aria-pressed', 'false');
  await userEvent.click(pin);
  expect(shown()).toBe('kind,name,namespace');
  expect(pin).toHaveAttribute('aria-pressed', 'true');
  await userEvent.click(screen.getByRole('button', { name: 'Reset' }));
  expect(shown()).toBe('name,namespace,kind');
  expect(store.getState().preferences.values).toEqual({});
});

it('Escape closes it and gives the focus back', async () => {
  await open();
  screen.getByRole('checkbox', { name: 'Kind' }).focus();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('checkbox')).toBeNull();
  expect(screen.getByRole('button', { name: 'Columns' })).toHaveFocus();
});

it('has no fault that axe finds', async () => {
  const { container } = await open();
  expect(within(container).getByRole('group', { name: 'Columns' })).toBeVisible();
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
});
