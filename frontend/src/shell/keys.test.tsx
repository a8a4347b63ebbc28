// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import './key-sheet'; // Loaded before a test waits for it.
import { Keys } from './keys';

const { push, path } = vi.hoisted(() => ({ push: vi.fn(), path: { now: '/' } }));
vi.mock('next/navigation', () => ({ usePathname: () => path.now, useRouter: () => ({ push }) }));

const page = (
  <>
    <Keys />
    <search>
      <input aria-label="Search" />
    </search>
    <button type="button">Restart</button>
  </>
);

beforeEach(() => {
  push.mockClear();
  path.now = '/';
  answerByName({
    Clusters: {
      clusters: {
        nodes: [
          { id: 'a', name: 'dev' },
          { id: 'b', name: 'prod' },
        ],
      },
    },
  });
});

it.each([
  ['go', '/'],
  ['gw', '/workloads'],
  ['gp', '/pods'],
  ['gk', '/objects'],
  ['ga', '/audit'],
  ['gc', '/clusters'],
  ['xgga', '/audit'],
])('%s goes to %s', async (keys, path) => {
  show(page);
  await userEvent.keyboard(keys);
  expect(push.mock.calls).toEqual([[path]]);
});

it.each([
  ['/', '', '/workloads?cluster=b'],
  ['/audit', '?cluster=a', '/workloads?cluster=b'],
  ['/pods', '?state=Failed&cluster=a', '/pods?state=Failed&cluster=b'],
  ['/objects', '?kind=Service', '/objects?kind=Service&cluster=b'],
])('g and a digit go to the list of that cluster: %s', async (pathname, search, expected) => {
  path.now = pathname;
  history.replaceState(null, '', pathname + search);
  show(page);
  await vi.waitFor(async () => {
    await userEvent.keyboard('g2');
    expect(push).toHaveBeenCalledWith(expected);
  });
  push.mockClear();
  await userEvent.keyboard('g3');
  expect(push).not.toHaveBeenCalled();
  history.replaceState(null, '', '/');
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
