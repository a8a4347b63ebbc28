// @vitest-environment jsdom
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { useState } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { preferred } from '@/ui/preferences/preferences-slice';
import type { FilterSpec } from '../list-parameters';
import { useViews } from './use-views';
import { changesOf, MOST_VIEWS, readViews, type View, type ViewsSpec } from './view';
import { ViewBar } from './view-bar';

const filters = [
  { key: 'q', field: 'search', control: 'search', label: 'workloads.search' },
  { key: 'ns', field: 'namespaces', control: 'suggestion', token: 'namespace', label: 'workloads.namespace' },
  {
    key: 'state',
    field: 'states',
    control: 'choice',
    token: 'state',
    label: 'workloads.state',
    values: ['RUNNING', 'FAILED'],
    words: 'workloadState',
  },
] as unknown as FilterSpec<never>[];
const order = { fields: ['STATE', 'NAME'], initial: { field: 'STATE', direction: 'ASC' } } as const;
const views: ViewsSpec = {
  field: 'things',
  filter: 'ThingFilter',
  builtIn: [
    { id: 'all', name: 'views.all', query: {} },
    { id: 'attention', name: 'views.attention', query: { state: 'FAILED' }, isTrouble: true },
  ],
};
const shop: View = { id: 's', name: 'Team shop', query: { ns: 'shop', sort: 'NAME-ASC' } };
const jobs: View = { id: 'j', name: 'Jobs', query: { q: 'job' } };

let now: Record<string, string>;
let change: (changes: Record<string, unknown>) => void;
let requests: object[];
/** The router changes the address some time after it is asked to. */
let routerTakes: number;

function Page({ initial, total }: { initial: Record<string, string>; total?: number }) {
  const [address, setAddress] = useState(initial);
  now = address;
  change = (changes) =>
    setAddress((before) => {
      const all = Object.entries({ ...before, ...changes }).filter(([, value]) => value);
      return Object.fromEntries(all) as Record<string, string>;
    });
  const found = useViews(
    { name: 'thing', filters, order, views },
    {
      get: (key) => address[key] ?? '',
      list: (key) => address[key]?.split(',') ?? [],
      set: (changes) => {
        if (routerTakes === 0) change(changes);
        else setTimeout(() => act(() => change(changes)), routerTakes);
      },
    },
  );
  return found && <ViewBar name="thing" views={found} specs={filters} total={total} />;
}

const countOf = ({ namespaces, states, search }: Record<string, unknown>) => {
  if (namespaces) return 46;
  if (states) return 31;
  return search ? 7 : 1212;
};

beforeEach(() => {
  requests = [];
  routerTakes = 0;
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    const { query, variables } = JSON.parse(body);
    requests.push(variables);
    const data = Object.keys(variables).map((name, index) => {
      expect(query).toContain(`v${index}: things(filter: $f${index}, first: 1) { totalCount }`);
      return [`v${index}`, { totalCount: countOf(variables[name]) }];
    });
    return new Response(JSON.stringify({ data: Object.fromEntries(data) }));
  });
});

const keyed = (values: object) =>
  Object.fromEntries(Object.entries(values).map(([id, view]) => [`views.thing.${id}`, view]));
const open = (own: View[] = [], initial: Record<string, string> = {}, total?: number) => {
  const page = show(<Page initial={initial} total={total} />);
  act(() => void page.store.dispatch(preferred(keyed(changesOf({}, own)))));
  return page;
};
const tabs = () => screen.getAllByRole('tab').map(({ textContent }) => textContent);
const selected = () => screen.getByRole('tab', { selected: true }).textContent;
const kept = ({ store }: ReturnType<typeof open>) => {
  const entries = Object.entries(store.getState().preferences.values);
  return readViews(Object.fromEntries(entries.map(([key, view]) => [key.replace('views.thing.', ''), view])));
};
const menu = async (item: string) => {
  await userEvent.click(screen.getByTestId('thing-view-menu'));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
};

it('each view is a tab with the count of the server, asked for in one request', async () => {
  open([shop, jobs]);
  await screen.findByText('1,212');
  expect(tabs()).toEqual(['All 1,212', 'Needs attention 31', 'Team shop 46', 'Jobs 7']);
  expect(screen.getByText('31')).toHaveClass('bad-text');
  expect(Object.values(requests.at(-1) ?? {})).toEqual(
    expect.arrayContaining([{}, { states: ['FAILED'] }, { namespaces: ['shop'] }, { search: 'job' }]),
  );
  // The first one was for the built-in views, before there were others.
  expect(requests).toHaveLength(2);
});

it('the selected view has the count of the list, which is more up to date', async () => {
  open([], {}, 9);
  await screen.findByText('31');
  expect(tabs()).toEqual(['All 9', 'Needs attention 31']);
});

it('a tab that is chosen sets what the address asks for, and nothing else of it', async () => {
  open([shop], { state: 'RUNNING', op: 'o' });
  expect(selected()).toMatch(/^This query/);
  await userEvent.click(screen.getByText('Team shop'));
  expect(now).toEqual({ ns: 'shop', sort: 'NAME-ASC', view: 's', op: 'o' });
  expect(selected()).toContain('Team shop');
  await userEvent.click(screen.getByText('Needs attention'));
  expect(now).toEqual({ state: 'FAILED', op: 'o' });
});

it('the arrow keys go from tab to tab, Enter opens one, and digits do nothing', async () => {
  open([shop]);
  screen.getByRole('tab', { selected: true }).focus();
  await userEvent.keyboard('123');
  expect(now).toEqual({});
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{Enter}');
  expect(selected()).toContain('Team shop');
});

it('an address that a colleague sent is shown as what it asks for', () => {
  open([], { ns: 'shop', sort: 'NAME-ASC', view: 's' });
  expect(selected()).toMatch(/^This query/);
  open([shop], { ns: 'shop', sort: 'NAME-ASC' });
  expect(screen.getAllByRole('tab', { selected: true })[1]).toHaveTextContent('Team shop');
});

it('in another order all rows are still all rows', () => {
  open([], { sort: 'NAME-DESC' });
  expect(selected()).toContain('All');
  open([], { state: 'FAILED', sort: 'STATE-ASC' });
  expect(screen.getAllByRole('tab', { selected: true })[1]).toHaveTextContent(/^Needs attention/);
});

it('the query is saved under a name, and is the selected view then', async () => {
  const page = open([], { ns: 'shop', sort: 'NAME-ASC' });
  const button = screen.getByRole('button', { name: 'Save view' });
  await userEvent.click(button);
  await userEvent.type(screen.getByLabelText('Name'), ' Team shop {Enter}');
  expect(kept(page)).toEqual([{ ...shop, id: now.view }]);
  expect(selected()).toContain('Team shop');
  expect(screen.getByText('View Team shop saved')).toBeInTheDocument();
  expect(button).toHaveFocus();
});

it('a name is needed, and one that is taken is refused', async () => {
  const page = open([shop]);
  await userEvent.click(screen.getByRole('button', { name: 'Save view' }));
  expect(screen.getByTestId('view-submit')).toBeDisabled();
  await userEvent.type(screen.getByLabelText('Name'), 'team SHOP{Enter}');
  expect(screen.getByRole('alert')).toHaveTextContent('You have a view of this name');
  expect(kept(page)).toEqual([shop]);
});

it('there are so many views and no more, and it is said at once', async () => {
  open(Array.from({ length: MOST_VIEWS }, (_, index) => ({ id: `${index}`, name: `${index}`, query: {} })));
  await userEvent.click(screen.getByRole('button', { name: 'Save view' }));
  expect(screen.getByRole('alert')).toHaveTextContent('20 views of yours');
  expect(screen.getByTestId('view-submit')).toBeDisabled();
});

it('a view whose query was changed says so, and is updated or left as it was', async () => {
  const page = open([shop], { ...shop.query, view: 's' });
  expect(selected()).not.toContain('changed');
  act(() => change({ state: 'FAILED' }));
  expect(selected()).toContain('Team shop');
  expect(selected()).toContain('changed');
  await menu('Back to the saved query');
  expect(now).toEqual({ ...shop.query, view: 's' });
  act(() => change({ state: 'FAILED' }));
  await menu('Update to this query');
  expect(kept(page)).toEqual([{ ...shop, query: { ...shop.query, state: 'FAILED' } }]);
  expect(selected()).not.toContain('changed');
});

it('a view is renamed, and keeps its place and its query', async () => {
  const page = open([shop, jobs], { ...shop.query, view: 's' });
  await menu('Rename');
  await userEvent.clear(screen.getByLabelText('Name'));
  await userEvent.type(screen.getByLabelText('Name'), 'Shop{Enter}');
  expect(kept(page)).toEqual([{ ...shop, name: 'Shop' }, jobs]);
  expect(screen.getByTestId('thing-view-menu')).toHaveFocus();
});

it('views change places', async () => {
  const page = open([shop, jobs], { ...jobs.query, view: 'j' });
  await userEvent.click(screen.getByTestId('thing-view-menu'));
  expect(screen.queryByRole('menuitem', { name: 'Move to the right' })).toBeNull();
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Move to the left' }));
  expect(kept(page)).toEqual([jobs, shop]);
  expect(screen.getByText('Jobs is view 1 of 2 of yours')).toBeInTheDocument();
});

it('a view is deleted after a question, and all rows are shown then', async () => {
  const page = open([shop, jobs], { ...shop.query, view: 's' });
  await menu('Delete');
  await userEvent.click(screen.getByRole('button', { name: 'Keep it' }));
  expect(kept(page)).toHaveLength(2);
  await menu('Delete');
  routerTakes = 50;
  await userEvent.click(screen.getByRole('button', { name: 'Delete Team shop' }));
  expect(kept(page)).toEqual([jobs]);
  await waitFor(() => expect(now).toEqual({}));
  expect(screen.getByRole('tab', { selected: true })).toHaveFocus();
});

it('has no fault that axe finds, with a view open, its menu and its dialog', async () => {
  open([shop, jobs], { ...shop.query, view: 's' });
  await screen.findByText('1,212');
  const faults = async () => {
    const { violations } = await axe.run(document.body, {
      rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
  };
  expect(await faults()).toEqual([]);
  await menu('Rename');
  expect(await faults()).toEqual([]);
});
