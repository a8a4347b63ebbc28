// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { bindSocket, closeSocket } from '@/graphql/socket';
import { FakeSocket } from '@/test/fake-socket';
import { show } from '@/test/render';
import { daysOf } from './days';
import { AuditLog } from './list';

const { search } = vi.hoisted(() => ({ search: { now: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/audit',
  useSearchParams: () => new URLSearchParams(search.now),
}));

const event: AuditRowFragment = {
  position: '7',
  id: 'e',
  type: 'SessionStarted',
  recordedAt: '2026-01-01T12:00:00Z',
  actor: { id: 'u', displayName: 'Ada' },
  component: null,
  operation: null,
  cluster: null,
  namespace: null,
  objectId: null,
  summary: 'ada signed in',
  reason: null,
  payload: {},
  changes: [],
};
let requests: { query: string; variables: { filter?: Record<string, unknown> } }[];

function open(at: string, nodes = [event]) {
  search.now = at;
  history.replaceState(null, '', `/audit?${at}`);
  requests = [];
  const page = { nodes, pageInfo: { hasNextPage: false, endCursor: null }, totalCount: nodes.length };
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    requests.push(JSON.parse(body));
    const data = body.includes('query Position')
      ? { server: { projectedPosition: '9' } }
      : { auditEvents: page };
    return new Response(JSON.stringify({ data }));
  });
  bindSocket(show(<AuditLog />).store);
}

const filter = () => requests.find(({ query }) => /query Audit(Events|Csv)/.test(query))?.variables.filter;

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket);
});

afterEach(() => {
  closeSocket();
  vi.unstubAllGlobals();
});

it('people come first, and what the watch saw is one press away', async () => {
  open('');
  await screen.findByTestId('audit-entry');
  expect(filter()).toEqual({ by: 'PEOPLE' });
  await userEvent.click(screen.getByText('Observed'));
  expect(location.pathname + location.search).toBe('/audit?by=observed');
  const { violations } = await axe.run(screen.getByTestId('audit-events'));
  expect(violations.map(({ id }) => id)).toEqual([]);
});

it('the record of an operation has every step', async () => {
  open('operation=o');
  await screen.findByTestId('audit-entry');
  expect(filter()).toEqual({ operation: 'o' });
  expect(screen.getByRole('radio', { name: 'All' })).toBeChecked();
});

it('one person and a time narrow it, and the person is called by name', async () => {
  open('person=u&since=2026-01-01T10:00');
  await screen.findByTestId('audit-entry');
  expect(filter()).toMatchObject({ actor: 'u', since: new Date(2026, 0, 1, 10).toISOString() });
  expect(screen.getAllByTestId('audit-chip').map(({ textContent }) => textContent)).toEqual([
    'Since2026-01-01T10:00',
    'PersonAda',
  ]);
});

it('verbs and outcomes are asked of the server, and the address keeps them', async () => {
  open('verb=ScaleWorkload,StopWorkload&outcome=FAILED,NONSENSE');
  await screen.findByTestId('audit-entry');
  expect(filter()).toEqual({ by: 'PEOPLE', verbs: ['ScaleWorkload', 'StopWorkload'], states: ['FAILED'] });
  expect(screen.getAllByTestId('audit-chip').map(({ textContent }) => textContent)).toEqual([
    'VerbScale',
    'VerbStop',
    'OutcomeFailed',
  ]);
});

it('a person is found by name among those whose events were read', async () => {
  open('');
  await screen.findByTestId('audit-entry');
  const query = screen.getByRole('combobox');
  await userEvent.type(query, 'person:ad');
  await userEvent.click(await screen.findByRole('option', { name: /person:Ada/ }));
  expect(location.pathname + location.search).toBe('/audit?person=u');
});

it('a person whose events are not loaded is not called wrong, and no raw id is shown', async () => {
  open('person=7c1e');
  await screen.findByTestId('audit-entry');
  expect(screen.queryByTitle(/7c1e/)).toBeNull();
  expect(screen.getByTitle('name not known here')).toBeInTheDocument();
  await userEvent.type(screen.getByRole('combobox'), 'person:li{Enter}');
  const fault = await screen.findByTestId('query-fault');
  expect(fault).toHaveTextContent('No “person:” called “li” is known on this page.');
  expect(fault).toHaveTextContent('A person is known by name once');
});

it('a cluster narrows it', async () => {
  open('cluster=c');
  await screen.findByTestId('audit-entry');
  expect(filter()).toMatchObject({ cluster: 'c' });
});

it('where nobody did anything, the whole log is offered', async () => {
  open('', []);
  expect(await screen.findByText('Nothing of this kind was recorded.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Show the whole log' }));
  expect(location.pathname + location.search).toBe('/audit?by=all');
});

it('the export has the filter of the screen', async () => {
  URL.createObjectURL = () => 'blob:x';
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
  open('type=SessionStarted');
  await screen.findByTestId('audit-entry');
  requests = [];
  await userEvent.click(screen.getByTestId('audit-csv'));
  await vi.waitFor(() => expect(filter()).toEqual({ types: ['SessionStarted'] }));
});

it('neighbours of one day stand under it', () => {
  expect(daysOf(['a1', 'a2', 'b1'], ([day = '']) => day)).toEqual([
    ['a', ['a1', 'a2']],
    ['b', ['b1']],
  ]);
});
