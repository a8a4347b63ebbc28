// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import english from 'antd/es/locale/en_US';
import axe from 'axe-core';
import { expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { Age } from '@/ui/feedback/age';
import { choices } from '@/ui/preferences/choices';
import { Themed } from '@/ui/theme';
import { Preferences } from './preferences';
import './preferences-panel'; // Loaded before a test waits for it.

const open = async () => {
  const page = show(
    <Themed locale={english}>
      <Preferences />
      <Age at={Date.now() - 86_400_000} />
    </Themed>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Preferences' }));
  await screen.findByTestId('preferences-panel');
  return page;
};
const choose = (group: string, value: string) =>
  userEvent.click(
    within(screen.getByRole('radiogroup', { name: group })).getByRole('radio', { name: value }),
  );

it('has a choice for everything that can be chosen, and says what holds', async () => {
  await open();
  expect(screen.getAllByRole('radiogroup')).toHaveLength(Object.keys(choices).length);
  expect(screen.getAllByRole('radio', { checked: true })).toHaveLength(Object.keys(choices).length);
});

it('a choice holds at once, on the page behind it too', async () => {
  const { store } = await open();
  await choose('Appearance', 'dark');
  await choose('Rows of tables', 'compact');
  expect(document.documentElement.dataset).toMatchObject({ theme: 'dark', density: 'compact' });
  expect(screen.getByText('1 day ago')).toBeInTheDocument();
  await choose('Times', 'as a date and time');
  await choose('Time zone', 'UTC');
  expect(screen.queryByText('1 day ago')).toBeNull();
  expect(screen.getByText(/^\w+ \d+, \d\d:\d\d:\d\d$/)).toHaveAttribute(
    'title',
    expect.stringMatching(/UTC$/),
  );
  await choose('Language', '中文');
  expect(store.getState().preferences.values).toEqual({
    language: 'zh-CN',
    theme: 'dark',
    density: 'compact',
    times: 'absolute',
    zone: 'utc',
  });
});

it('Escape closes it and gives the focus back', async () => {
  await open();
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(screen.queryByTestId('preferences-panel')).toBeNull());
  expect(screen.getByRole('button', { name: 'Preferences' })).toHaveFocus();
});

it('has no fault that axe finds', async () => {
  await open();
  const { violations } = await axe.run(screen.getByTestId('preferences-panel'), {
    rules: { 'color-contrast': { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
});
