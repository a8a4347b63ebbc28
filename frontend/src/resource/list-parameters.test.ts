import { expect, it } from 'vitest';
import { closedLists, type FilterSpec, orderText, readFilter, readOrder } from './list-parameters';

interface Filter {
  search?: string;
  namespaces?: string[];
  states?: string[];
  since?: string;
  hasCause?: boolean;
}

const specs: FilterSpec<Filter>[] = [
  { key: 'q', field: 'search', control: 'link', label: 'workloads.search' },
  {
    key: 'ns',
    field: 'namespaces',
    control: 'suggestion',
    label: 'workloads.namespace',
    token: 'namespace',
    useSuggestions: () => ({}),
  },
  {
    key: 'state',
    field: 'states',
    control: 'choice',
    token: 'state',
    label: 'workloads.state',
    values: ['RUNNING', 'FAILED'],
    words: 'workloadState',
  },
  {
    key: 'problem',
    field: 'hasCause',
    control: 'choice',
    token: 'problem',
    label: 'pods.problem',
    values: ['known', 'none'],
    yes: 'known',
    words: 'podProblem',
  },
  { key: 'since', field: 'since', control: 'time', edge: 'begin', token: 'since', label: 'workloads.since' },
];
const order = { fields: ['NAME', 'AGE'], initial: { field: 'NAME', direction: 'ASC' } } as const;

function address(search: string) {
  const query = new URLSearchParams(search);
  return {
    get: (key: string) => query.get(key) ?? '',
    list: (key: string) => query.get(key)?.split(',') ?? [],
  };
}

it('a filter holds what the address asks for and the list knows', () => {
  expect(readFilter(address('ns=shop,web&state=FAILED,NOPE&kind=Pod&q=web'), specs)).toEqual({
    search: 'web',
    namespaces: ['shop', 'web'],
    states: ['FAILED'],
  });
  expect(readFilter(address('state=NOPE&since=soon'), specs)).toEqual({});
  expect(readFilter(address('since=2026-11-30T14:30'), specs)).toEqual({
    since: new Date(2026, 10, 30, 14, 30).toISOString(),
  });
});

it('a choice of two is yes or no for the server, and both of them are no filter', () => {
  expect(readFilter(address('problem=known'), specs)).toEqual({ hasCause: true });
  expect(readFilter(address('problem=none'), specs)).toEqual({ hasCause: false });
  expect(readFilter(address('problem=known,none'), specs)).toEqual({});
  expect(readFilter(address('problem=maybe'), specs)).toEqual({});
});

it('every order can be written in the address and read back', () => {
  const { sort = [] } = closedLists(specs as FilterSpec<never>[], order);
  expect(sort).toEqual(['NAME-ASC', 'NAME-DESC', 'AGE-ASC', 'AGE-DESC']);
  for (const text of sort) expect(orderText(readOrder(address(`sort=${text}`), order))).toBe(text);
});

it('an unknown order is read as the initial one', () => {
  for (const search of ['', 'sort=NOPE-DESC', 'sort=DESC', 'sort=constructor'])
    expect(readOrder(address(search), order), search).toEqual(order.initial);
});
