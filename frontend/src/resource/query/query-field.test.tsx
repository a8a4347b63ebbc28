// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { useState } from 'react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import type { Spec } from './query';
import { QueryField } from './query-field';

const specs = [
  { key: 'q', field: 'search', control: 'search', label: 'workloads.search' },
  {
    key: 'ns',
    field: 'namespaces',
    control: 'suggestion',
    token: 'namespace',
    label: 'workloads.namespace',
    useSuggestions: (part: string | null) => ({ data: part === null ? [] : ['shop', 'data'] }),
  },
  {
    key: 'state',
    field: 'states',
    control: 'choice',
    token: 'state',
    label: 'workloads.state',
    values: ['FAILED', 'ROLLOUT_STUCK'],
    words: 'workloadState',
  },
] as unknown as Spec[];

let now: Record<string, string>;
let change: (changes: Record<string, unknown>) => void;

function Page({ initial }: { initial: Record<string, string> }) {
  const [address, setAddress] = useState(initial);
  now = address;
  change = (changes) =>
    setAddress((before) => {
      const all = Object.entries({ ...before, ...changes }).filter(([, value]) => value);
      return Object.fromEntries(all) as Record<string, string>;
    });
  return (
    <QueryField
      name="thing"
      address={{
        get: (key) => address[key] ?? '',
        list: (key) => address[key]?.split(',') ?? [],
        set: change,
      }}
      specs={specs}
      unanswered={{ image: 'query.nodeOfPods' }}
    />
  );
}

const open = (initial = {}) => {
  show(<Page initial={initial} />);
  return screen.getByRole('combobox', { name: 'Filter the list' });
};
const chips = () => screen.queryAllByTestId('thing-chip').map(({ textContent }) => textContent);
const options = () => screen.queryAllByRole('option').map(({ textContent }) => textContent);

it('what is written is a chip after Enter, and plain words stay in the text', async () => {
  const input = open();
  await userEvent.type(input, 'web namespace:shop,data state:failed{Enter}');
  expect(now).toEqual({ q: 'web', ns: 'shop,data', state: 'FAILED' });
  expect(chips()).toEqual(['Namespaceshop', 'Namespacedata', 'StateFailed']);
  expect(input).toHaveValue('web');
  expect(screen.getByTestId('thing-said')).toHaveTextContent('Filter added: State Failed');
});

it('plain words are applied when typing pauses, what is no complete token is kept', async () => {
  const input = open();
  await userEvent.type(input, 'web state:fai');
  await waitFor(() => expect(now).toEqual({ q: 'web' }));
  expect(input).toHaveValue('web state:fai');
  expect(screen.queryByRole('alert')).toBeNull();
  await userEvent.tab();
  expect(screen.getByRole('alert')).toHaveTextContent('“fai” is no value');
});

it('a suggestion is taken with the arrow keys and Enter', async () => {
  const input = open({ ns: 'data' });
  await userEvent.click(input);
  expect(options()).toEqual(['namespace:Namespace', 'state:State']);
  await userEvent.keyboard('{ArrowDown}');
  expect(input).toHaveAttribute('aria-activedescendant', screen.getAllByRole('option')[0]?.id);
  await userEvent.keyboard('{Enter}');
  expect(input).toHaveValue('namespace:');
  expect(options()).toEqual(['namespace:shop']);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(now).toEqual({ ns: 'data,shop' });
  expect(input).toHaveValue('');
  await userEvent.keyboard('{Escape}');
  expect(options()).toEqual([]);
});

it('a suggestion is taken by a click, and the field keeps the focus', async () => {
  const input = open();
  await userEvent.type(input, 'web state:stuck');
  await userEvent.click(screen.getByRole('option'));
  expect(now).toEqual({ q: 'web', state: 'ROLLOUT_STUCK' });
  expect(input).toHaveFocus();
});

it('Backspace at the beginning removes the last chip, elsewhere a letter', async () => {
  const input = open({ q: 'web', ns: 'shop', state: 'FAILED' });
  await userEvent.click(input);
  await userEvent.keyboard('{End}{Backspace}');
  expect(chips()).toHaveLength(2);
  await userEvent.keyboard('{Home}{Backspace}');
  expect(now.state).toBeUndefined();
  expect(screen.getByTestId('thing-said')).toHaveTextContent('Filter removed: State Failed');
  await userEvent.keyboard('{Backspace}');
  expect(chips()).toEqual([]);
  expect(input).toHaveValue('we');
});

it('each chip has a button that removes it', async () => {
  const input = open({ ns: 'shop,data' });
  await userEvent.click(screen.getByRole('button', { name: 'Remove Namespace shop' }));
  expect(now).toEqual({ ns: 'data' });
  expect(input).toHaveFocus();
});

it('a token that the server cannot answer is an error, and is not applied', async () => {
  const input = open();
  await userEvent.type(input, 'image:nginx state:broken web{Enter}');
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('This list cannot be filtered by “image:”. The node belongs to a pod');
  expect(alert).toHaveTextContent('“broken” is no value of “state:”. Not applied.');
  expect(input).toHaveAccessibleDescription(expect.stringContaining('Backspace'));
  expect(input).toBeInvalid();
  expect(input).toHaveValue('web image:nginx state:broken');
  expect(now).toEqual({ q: 'web' });
});

it('the text follows the address', async () => {
  const input = open({ q: 'web' });
  expect(input).toHaveValue('web');
  await userEvent.type(input, 'x');
  await waitFor(() => expect(now.q).toBe('webx'));
  await waitFor(() => change({ q: 'api' }));
  await waitFor(() => expect(input).toHaveValue('api'));
});

it('has no fault that axe finds', async () => {
  const input = open({ ns: 'shop' });
  await userEvent.type(input, 'image:x s');
  const { violations } = await axe.run(document.querySelector('search') as HTMLElement, {
    rules: { 'color-contrast': { enabled: false } },
  });
  expect(options()).toEqual(['state:State']);
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html)}`)).toEqual([]);
});
