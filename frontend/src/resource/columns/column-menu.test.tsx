// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import type { ComponentProps } from 'react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { AS_GIVEN, arrange } from './arrangement';
import { ColumnMenu } from './column-menu';
import { givenTitle } from './column-title';
import { useArrangement } from './use-arrangement';

const columns = [
  { title: 'workloads.name' },
  { title: 'workloads.namespace' },
  { title: 'workloads.kind' },
] as const;

function Table({ drawn, leftOut }: Pick<ComponentProps<typeof ColumnMenu>, 'drawn' | 'leftOut'>) {
  const [arrangement, set] = useArrangement('thing');
  return (
    <>
      <ColumnMenu
        name="thing"
        columns={columns}
        arrangement={arrangement}
        arrange={set}
        drawn={drawn}
        leftOut={leftOut}
      />
      <p data-testid="shown">
        {arrange(columns, arrangement)
          .map(({ title }) => title.slice(10))
          .join()}
      </p>
    </>
  );
}

const open = async (props: ComponentProps<typeof Table> = {}) => {
  const page = show(<Table {...props} />);
  await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
  return page;
};
const shown = () => screen.getByTestId('shown').textContent;

it('a column is hidden and shown, and the choice is a preference of the person', async () => {
  const { store } = await open();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Namespace' }));
  expect(shown()).toBe('name,kind');
  expect(store.getState().preferences.values).toEqual({
    'columns.thing': { order: [], hidden: ['workloads.namespace'], shown: [], pinned: [] },
  });
  await userEvent.click(screen.getByRole('checkbox', { name: 'Namespace' }));
  expect(shown()).toBe('name,namespace,kind');
});

it('a column may have a title of the server', async () => {
  const given = [{ title: 'workloads.name' }, { title: givenTitle('CLUSTER-IP: v4.2') }] as const;
  show(<ColumnMenu name="thing" columns={given} arrangement={AS_GIVEN} arrange={() => {}} />);
  await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
  expect(screen.getByRole('checkbox', { name: 'CLUSTER-IP: v4.2' })).toBeChecked();
});

it('the column that names the row has nothing to hide it by', async () => {
  await open();
  expect(screen.queryByRole('checkbox', { name: 'Name' })).toBeNull();
  expect(screen.getAllByRole('checkbox')).toHaveLength(2);
});

it('a column that does not fit is not ticked, and says why', async () => {
  await open({
    drawn: {
      given: ['workloads.name', 'workloads.namespace', 'workloads.kind'],
      fitting: ['workloads.name', 'workloads.kind'],
    },
  });
  const cramped = screen.getByRole('checkbox', { name: 'Namespace hidden at this width' });
  expect(cramped).not.toBeChecked();
  expect(cramped).toBeDisabled();
  expect(screen.getByRole('checkbox', { name: 'Kind' })).toBeChecked();
});

it('a column that a person hid does not say that the width hides it', async () => {
  await open({
    drawn: { given: ['workloads.name', 'workloads.kind'], fitting: ['workloads.name', 'workloads.kind'] },
  });
  await userEvent.click(screen.getByRole('checkbox', { name: 'Kind' }));
  expect(screen.getByRole('checkbox', { name: 'Kind' })).not.toBeChecked();
  expect(screen.getByRole('checkbox', { name: 'Kind' })).toBeEnabled();
});

it('a column that the table does not have is not offered', async () => {
  await open({
    drawn: { given: ['workloads.name', 'workloads.kind'], fitting: ['workloads.name', 'workloads.kind'] },
  });
  expect(screen.getAllByRole('checkbox')).toHaveLength(1);
});

it('a column that the list leaves out is not ticked, and shown when it is', async () => {
  const { store } = await open({ leftOut: ['workloads.kind'] });
  const box = screen.getByRole('checkbox', { name: 'Kind' });
  expect(box).not.toBeChecked();
  await userEvent.click(box);
  expect(box).toBeChecked();
  expect(store.getState().preferences.values).toMatchObject({
    'columns.thing': { shown: ['workloads.kind'] },
  });
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
