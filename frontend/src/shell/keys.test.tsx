// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import './key-sheet'; // Loaded before a test waits for it.
import { Keys } from './keys';

const { push } = vi.hoisted(() => ({ push: vi.fn() }));
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }) }));

const page = (
  <>
    <Keys />
    <search>
      <input aria-label="Search" />
    </search>
    <button type="button">Restart</button>
  </>
);

beforeEach(() => void push.mockClear());

it.each([
  ['go', '/'],
  ['gw', '/workloads'],
  ['gp', '/pods'],
  ['ga', '/audit'],
  ['xgga', '/audit'],
])('%s goes to %s', async (keys, path) => {
  show(page);
  await userEvent.keyboard(keys);
  expect(push.mock.calls).toEqual([[path]]);
});

it('/ filters the list, and what is written there is no key', async () => {
  show(page);
  await userEvent.keyboard('/');
  expect(screen.getByLabelText('Search')).toHaveFocus();
  await userEvent.keyboard('gw?');
  expect(screen.getByLabelText('Search')).toHaveValue('gw?');
  expect(push).not.toHaveBeenCalled();
});

it('? lists the keys, and Esc gives the focus back', async () => {
  show(page);
  screen.getByText('Restart').focus();
  await userEvent.keyboard('?');
  expect(await screen.findByTestId('key-sheet')).toHaveTextContent('gwworkloads');
  await userEvent.keyboard('gw');
  expect(push).not.toHaveBeenCalled();
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(screen.queryByTestId('key-sheet')).toBeNull());
  expect(screen.getByText('Restart')).toHaveFocus();
});

it('keys can be turned off, and found again', async () => {
  show(page);
  await userEvent.click(screen.getByRole('button', { name: 'Keys' }));
  await userEvent.click(await screen.findByRole('checkbox'));
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(screen.queryByTestId('key-sheet')).toBeNull());
  await userEvent.keyboard('gw');
  expect(push).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'Keys' }));
  await userEvent.click(await screen.findByRole('checkbox'));
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(screen.queryByTestId('key-sheet')).toBeNull());
  await userEvent.keyboard('gw');
  expect(push).toHaveBeenCalledWith('/workloads');
});
