// @vitest-environment jsdom
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { useLaggingLists } from '@/graphql/lagging-lists';
import { written } from '@/graphql/written-slice';
import { answer, answerByName, show } from '@/test/render';
import { preferred } from '@/ui/preferences/preferences-slice';
import { type ListSpec, ResourceList } from './resource-list';
import { trailTo } from './trail';
import type { WindowArgs } from './window';

const { search } = vi.hoisted(() => ({ search: { now: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/things',
  useSearchParams: () => new URLSearchParams(search.now),
}));

interface Thing {
  id: string;
}
type Args = WindowArgs<{ search?: string; states?: string[]; owner?: string }>;

const useQuery = vi.fn();
const list: ListSpec<Thing, Args> = {
  name: 'thing',
  title: 'workloads.title',
  useQuery,
  first: 2,
  filters: [
    { key: 'q', field: 'search', control: 'search', label: 'workloads.search' },
    {
      key: 'state',
      field: 'states',
      control: 'choice',
      token: 'state',
      label: 'workloads.state',
      values: ['RUNNING', 'FAILED'],
      words: 'workloadState',
    },
  ],
  order: { fields: ['NAME', 'AGE'], initial: { field: 'NAME', direction: 'ASC' } },
  idOf: ({ id }) => id,
  csv: { columns: () => [], readPage: async () => ({ error: { code: 'UNAVAILABLE', message: '' } }) },
  Rows: ({ window, onSort, onHover, onSelect, arrangement }) => (
    <>
      <p data-testid="hidden">{arrangement.hidden.join()}</p>
      <button type="button" onClick={() => onSelect?.(['a', 'b'])}>
        select
      </button>
      <button type="button" onPointerEnter={() => onHover(true)} onPointerLeave={() => onHover(false)}>
        rows
      </button>
      <p data-testid="rows">{window.nodes.map(({ id }) => id).join()}</p>
      <a href="#b">open b</a>
      <button type="button" onClick={() => onSort({ field: 'AGE', direction: 'DESC' })}>
        by age
      </button>
    </>
  ),
  none: 'workloads.none',
  noneMatch: 'workloads.noneMatch',
};

const useMissing = ({ states }: Args['filter']) => `${states?.join()} may not be read`;

function open(found: { data?: object; isFetching?: boolean; [key: string]: unknown }, at = '') {
  search.now = at;
  const currentData = found.isFetching ? undefined : found.data;
  useQuery.mockReturnValue({ refetch: () => {}, isFetching: false, currentData, ...found });
  show(<ResourceList list={list} within={{ owner: 'o' }} firstStep="make one" />);
}

const window = (ids: string[]) => ({
  nodes: ids.map((id) => ({ id })),
  pageInfo: { hasNextPage: true, endCursor: 'b' },
  totalCount: 1234,
});

beforeEach(() => history.replaceState(null, '', '/'));

it('reads what the address and the page ask for, and the next page after it', async () => {
  open({ data: window(['a', 'b']) }, 'state=FAILED&sort=AGE-DESC');
  const first = {
    filter: { states: ['FAILED'], owner: 'o' },
    first: 2,
    orderBy: { field: 'AGE', direction: 'DESC' },
    after: null,
  };
  expect(useQuery).toHaveBeenLastCalledWith(first);
  expect(screen.getByTestId('thing-total')).toHaveTextContent('2 of 1,234 shown');
  await userEvent.click(screen.getByTestId('page-forward'));
  expect(useQuery).toHaveBeenLastCalledWith({ ...first, after: 'b' });
});

it.each([
  ['the rows of another window are shown', { data: window(['a', 'b']), isFetching: true }],
  ['there are none', { data: { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 } }],
])('no rows are counted while %s', (_, found) => {
  open(found);
  expect(screen.queryByTestId('thing-total')).toBeNull();
});

it('keeps the chosen order in the address', async () => {
  open({ data: window(['a']) });
  await userEvent.click(screen.getByText('by age'));
  expect(location.pathname + location.search).toBe('/things?sort=AGE-DESC');
});

it('an empty list offers the first step', () => {
  open({ data: { nodes: [], pageInfo: { hasNextPage: false } } });
  expect(screen.getByTestId('empty')).toHaveTextContent('There are no workloads.make one');
});

it('offers to clear filters that leave nothing', async () => {
  open({ data: { nodes: [], pageInfo: { hasNextPage: false } } }, 'state=FAILED');
  await userEvent.click(screen.getByText('Clear the filters'));
  expect(location.pathname + location.search).toBe('/things');
});

it('offers to remove one of several filters', async () => {
  history.replaceState(null, '', '?state=FAILED&q=web');
  open({ data: { nodes: [], pageInfo: { hasNextPage: false } } }, 'state=FAILED&q=web');
  expect(screen.getByText('Remove Failed')).toBeInTheDocument();
  await userEvent.click(screen.getByText('Remove “web”'));
  expect(location.pathname + location.search).toBe('/things?state=FAILED');
  history.replaceState(null, '', '/');
});

it('what was read before an error stays on the screen', () => {
  open({ data: window(['a', 'b']), error: { code: 'FORBIDDEN', message: 'no' }, fulfilledTimeStamp: 1 });
  expect(screen.getByTestId('rows')).toHaveTextContent('a,b');
  expect(screen.getByTestId('problem')).toHaveTextContent('no');
});

it('what was requested in this tab is not held back, and what comes after it is', async () => {
  const page = () => <ResourceList list={list} />;
  const found = (position: string, ...ids: string[]) => {
    const data = { ...window(ids), position };
    useQuery.mockReturnValue({ refetch: () => {}, isFetching: false, data, currentData: data });
  };
  search.now = '';
  found('7', 'a', 'b');
  const { store, rerender } = show(page());
  const rows = (position: string, ...ids: string[]) => {
    found(position, ...ids);
    rerender(page());
    return screen.getByTestId('rows').textContent;
  };
  await userEvent.hover(screen.getByText('rows'));
  expect(rows('8', 'x', 'a', 'b')).toBe('a,b');
  act(() => void store.dispatch(written('10')));
  expect(rows('9', 'y', 'x', 'a', 'b')).toBe('a,b');
  expect(rows('10', 'own', 'y', 'x', 'a', 'b')).toBe('own,y,x,a,b');
  expect(rows('11', 'z', 'own', 'y', 'x', 'a', 'b')).toBe('own,y,x,a,b');
  expect(screen.getByTestId('held')).toBeInTheDocument();
});

it('an empty list whose rows may not be read says that, and offers nothing', () => {
  const data = { nodes: [], pageInfo: { hasNextPage: false } };
  useQuery.mockReturnValue({ refetch: () => {}, isFetching: false, data, currentData: data });
  search.now = 'state=FAILED';
  show(<ResourceList list={{ ...list, useMissing }} firstStep="make one" />);
  expect(screen.getByTestId('empty')).toHaveTextContent(/^FAILED may not be read$/);
});

/** Asks which lists lag, as every page does. */
function Asks({ children }: { children: ReactNode }) {
  useLaggingLists();
  return children;
}

it('an empty list that lags behind the log does not say that there is nothing', async () => {
  const data = { nodes: [], pageInfo: { hasNextPage: false } };
  useQuery.mockReturnValue({ refetch: () => {}, isFetching: false, data, currentData: data });
  search.now = '';
  answer({ server: { behind: [{ list: 'operations_log', position: '9' }] } });
  const page = (lagsAs: string) => <ResourceList list={{ ...list, lagsAs }} firstStep="make one" />;
  const { rerender } = show(<Asks>{page('operations_log')}</Asks>);
  const said = 'This list lags behind the log: what is newer is not in it yet.';
  await waitFor(() => expect(screen.getByTestId('empty')).toHaveTextContent(said));
  expect(screen.queryByText('make one')).toBeNull();
  rerender(<Asks>{page('pods')}</Asks>);
  expect(screen.getByTestId('empty')).not.toHaveTextContent(said);
});

it('the order is held while one points at the rows, and the changes are shown on request', async () => {
  const page = () => <ResourceList list={list} within={{ owner: 'o' }} firstStep="make one" />;
  const found = (ids: string[]) => {
    const data = window(ids);
    useQuery.mockReturnValue({ refetch: () => {}, isFetching: false, data, currentData: data });
  };
  search.now = '';
  found(['a', 'b']);
  const { rerender } = show(page());
  await userEvent.hover(screen.getByText('rows'));
  found(['c', 'b', 'a']);
  rerender(page());
  expect(screen.getByTestId('rows')).toHaveTextContent('a,b');
  expect(screen.queryByTestId('thing-total')).toBeNull();
  screen.getByRole('button', { name: '2 changes, show' }).focus();
  await userEvent.keyboard('{Enter}');
  expect(screen.getByTestId('rows')).toHaveTextContent('c,b,a');
  expect(screen.queryByTestId('held')).toBeNull();
  found(['b', 'c']);
  rerender(page());
  expect(screen.getByTestId('held')).toBeInTheDocument();
  await userEvent.unhover(screen.getByText('rows'));
  expect(screen.getByTestId('rows')).toHaveTextContent('b,c');
});

it('the order is held while rows are selected, and what is gone is no longer selected', async () => {
  const page = () => <ResourceList list={list} within={{ owner: 'o' }} firstStep="make one" />;
  const found = (ids: string[]) => {
    const data = window(ids);
    useQuery.mockReturnValue({ refetch: () => {}, isFetching: false, data, currentData: data });
  };
  search.now = '';
  found(['a', 'b']);
  const { rerender } = show(page());
  await userEvent.click(screen.getByText('select'));
  expect(screen.getByTestId('thing-selection')).toHaveTextContent('2 selected');
  found(['b', 'c']);
  rerender(page());
  expect(screen.getByTestId('rows')).toHaveTextContent('a,b');
  await userEvent.click(screen.getByRole('button', { name: '2 changes, show' }));
  expect(screen.getByTestId('rows')).toHaveTextContent('b,c');
  expect(screen.getByTestId('thing-selection')).toHaveTextContent('1 selected');
});

it('whoever opens a row can go on from there to the next one, with the same filter', async () => {
  history.replaceState(null, '', '/things?state=FAILED');
  open({ data: window(['a', 'b']) }, 'state=FAILED');
  await userEvent.click(screen.getByRole('button', { name: 'by age' }));
  expect(trailTo('thing', 'b')).toBeNull();
  await userEvent.click(screen.getByRole('link', { name: 'open b' }));
  expect(trailTo('thing', 'b')).toEqual({
    address: '/things?state=FAILED&sort=AGE-DESC',
    ids: ['a', 'b'],
    total: 1234,
  });
  expect(trailTo('thing', 'c')).toBeNull();
});

const withViews: typeof list = {
  ...list,
  columns: [{ title: 'workloads.name' }, { title: 'workloads.kind' }, { title: 'workloads.age' }],
  views: { field: 'things', filter: 'ThingFilter', builtIn: [{ id: 'all', name: 'views.all', query: {} }] },
};
/** As it is kept, under its id `f`. */
const failed = {
  name: 'Failed ones',
  query: { state: 'FAILED' },
  columns: { order: [], hidden: ['workloads.kind'], pinned: [] },
  place: 0,
};

function openViews(at: string) {
  search.now = at;
  useQuery.mockReturnValue({ refetch: () => {}, isFetching: false, data: window(['a']) });
  answerByName({ ViewCounts: {} });
  const page = show(<ResourceList list={withViews} />);
  const kept = {
    'views.thing.f': failed,
    'columns.thing': { order: [], hidden: ['workloads.age'], pinned: [] },
  };
  act(() => void page.store.dispatch(preferred(kept)));
  return page.store;
}

it('a list has the columns of the view that is open, and its own without one', async () => {
  openViews('state=FAILED&view=f');
  expect(screen.getByTestId('hidden')).toHaveTextContent('workloads.kind');
  cleanup();
  openViews('state=RUNNING');
  expect(screen.getByTestId('hidden')).toHaveTextContent('workloads.age');
});

it('columns that are arranged in an open view belong to that view', async () => {
  const store = openViews('state=FAILED&view=f');
  await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Age' }));
  const { values } = store.getState().preferences;
  expect(values['columns.thing']).toMatchObject({ hidden: ['workloads.age'] });
  expect(values['views.thing.f']).toMatchObject({
    query: { state: 'FAILED' },
    columns: { hidden: ['workloads.kind', 'workloads.age'] },
  });
  await userEvent.click(screen.getByTestId('thing-columns-reset'));
  const { columns: _, ...rest } = failed;
  expect(store.getState().preferences.values['views.thing.f']).toEqual(rest);
});

it('columns and views are kept under a name of their own', () => {
  search.now = '';
  useQuery.mockReturnValue({ refetch: () => {}, isFetching: false, data: window(['a']) });
  const { views: _, ...withoutViews } = withViews;
  const { store } = show(<ResourceList list={{ ...withoutViews, keptAs: 'thing.large' }} />);
  const hidden = (title: string) => ({ order: [], hidden: [title], pinned: [] });
  const kept = {
    'columns.thing': hidden('workloads.age'),
    'columns.thing.large': hidden('workloads.kind'),
  };
  act(() => void store.dispatch(preferred(kept)));
  expect(screen.getByTestId('hidden')).toHaveTextContent('workloads.kind');
});

it('a list that does not follow changes says so, and is read again on request', async () => {
  const refetch = vi.fn();
  const found = { data: window(['a']), currentData: window(['a']), refetch, isFetching: false };
  useQuery.mockReturnValue({ ...found, fulfilledTimeStamp: Date.now() });
  search.now = '';
  show(<ResourceList list={{ ...list, isStill: true }} />);
  expect(screen.getByTestId('thing-still')).toHaveTextContent(/^Read live from the cluster.*As of/);
  await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
  expect(refetch).toHaveBeenCalledOnce();
});

it('the views stand above the list, with the count that it has itself', async () => {
  openViews('');
  expect(await screen.findByRole('tab', { name: 'All 1,234' })).toHaveAttribute('aria-selected', 'true');
});
