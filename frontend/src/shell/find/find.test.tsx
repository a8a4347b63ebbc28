// @vitest-environment jsdom
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { actions, offers } from '@/features/workloads/actions';
import { Actions } from '@/resource/actions';
import '@/resource/action-dialog'; // Loaded before a test waits for it.
import { useRemember } from '@/resource/recent-slice';
import { show } from '@/test/render';
import { available, workloadDetail } from '@/test/samples';
import { personChanged, preferred } from '@/ui/preferences/preferences-slice';
import { Find } from './find';
import './palette';

const { push } = vi.hoisted(() => ({ push: vi.fn() }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/workloads/open',
  useRouter: () => ({ push }),
}));

const workload = (name: string) => ({
  id: `w~${name}`,
  cluster: { name: 'local' },
  namespace: 'shop',
  kind: 'DEPLOYMENT',
  name,
  state: 'RUNNING',
});
const pod = (name: string, reason?: string) => ({
  id: `p~${name}`,
  cluster: { name: 'local' },
  namespace: 'shop',
  name,
  phase: 'Running',
  ready: !reason,
  reason: reason ?? null,
  cause: reason ? { since: null } : null,
});
const found = (workloads: object[], pods: object[], hasNextPage = false) => ({
  workloads: { nodes: workloads, pageInfo: { hasNextPage } },
  pods: { nodes: pods, pageInfo: { hasNextPage: false } },
});

interface Sent {
  search: string;
  isAborted: () => boolean;
  answer: (data: object) => void;
  fail: (code: string) => void;
}
let sent: Sent[];
beforeEach(() => {
  push.mockClear();
  sent = [];
  vi.stubGlobal(
    'fetch',
    vi.fn(
      (_url: string, { body, signal }: { body: string; signal?: AbortSignal }) =>
        new Promise((resolve, reject) => {
          const respond = (answer: object) => resolve(new Response(JSON.stringify(answer)));
          signal?.addEventListener('abort', () => reject(signal.reason));
          sent.push({
            search: JSON.parse(body).variables.search,
            isAborted: () => signal?.aborted ?? false,
            answer: (data) => respond({ data }),
            fail: (code) => respond({ errors: [{ message: 'no', extensions: { code } }] }),
          });
        }),
    ),
  );
});

const field = () => screen.getByRole('combobox', { name: 'Search or jump to' });
const options = () => screen.queryAllByRole('option').map(({ textContent }) => textContent);
const selected = () => screen.getByRole('option', { selected: true });
const last = async (search: string) => {
  await vi.waitFor(() => expect(sent.at(-1)?.search).toBe(search));
  return sent.at(-1) as Sent;
};
const open = async (page: React.ReactNode = null) => {
  const shown = show(
    <>
      <Find />
      <input aria-label="Elsewhere" />
      {page}
    </>,
  );
  await userEvent.keyboard('{Control>}k{/Control}');
  await vi.waitFor(() => expect(field()).toHaveFocus());
  return shown;
};

function Opened({ name, isGone = false }: { name: string; isGone?: boolean }) {
  useRemember(name, { path: 'workloads', name, place: 'Deployment · shop' }, isGone);
  return null;
}

it('Ctrl K opens it where one writes too, and Escape gives the focus back', async () => {
  const { store } = show(
    <>
      <Find />
      <input aria-label="Elsewhere" />
    </>,
  );
  act(() => void store.dispatch(preferred({ keys: 'off' })));
  screen.getByLabelText('Elsewhere').focus();
  await userEvent.keyboard('{Control>}k{/Control}');
  await vi.waitFor(() => expect(field()).toHaveFocus());
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());
  expect(screen.getByLabelText('Elsewhere')).toHaveFocus();
});

it('without a text it leads to the pages, by the arrows and Enter', async () => {
  await open();
  expect(screen.getByRole('status')).toHaveTextContent('11 results');
  expect(field()).toHaveAttribute('aria-activedescendant', selected().id);
  expect(selected()).toHaveTextContent('Overview');
  await userEvent.keyboard('{ArrowUp}');
  expect(selected()).toHaveTextContent('Add a cluster');
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
  expect(push.mock.calls).toEqual([['/workloads']]);
  expect(screen.queryByRole('combobox')).toBeNull();
  expect(sent).toEqual([]);
});

it('finds objects on the server, once typing pauses', async () => {
  await open();
  await userEvent.keyboard('check');
  const request = await last('check');
  expect(sent).toHaveLength(1);
  expect(screen.getByRole('status')).toHaveTextContent('Searching');
  await act(async () => request.answer(found([workload('checkout')], [pod('checkout-1')], true)));
  expect(await screen.findByText('3 results')).toBeInTheDocument();
  expect(options()).toEqual([
    'checkout Deployment · shop · local · Running',
    'All workloads that match ',
    'checkout-1 shop · local · Running',
  ]);
  await userEvent.click(screen.getByText('All workloads that match'));
  expect(push.mock.calls).toEqual([['/workloads?q=check']]);
});

it('a pod that does not work is marked by its reason, not called Running', async () => {
  await open();
  await userEvent.keyboard('web');
  (await last('web')).answer(found([], [pod('web-1', 'CrashLoopBackOff')]));
  const state = await screen.findByText('CrashLoopBackOff');
  expect(state).toHaveClass('state-warn');
  expect(options()).toEqual(['web-1 shop · local CrashLoopBackOff']);
});

it('a request for what is no longer written is cancelled', async () => {
  await open();
  await userEvent.keyboard('a');
  const first = await last('a');
  await userEvent.keyboard('b');
  const second = await last('ab');
  expect(first.isAborted()).toBe(true);
  await act(async () => first.answer(found([workload('a-only')], [])));
  await act(async () => second.answer(found([workload('ab')], [])));
  expect(await screen.findByText('1 result')).toBeInTheDocument();
  expect(options()).toEqual(['ab Deployment · shop · local · Running']);
});

it('what was found stays as long as it matches', async () => {
  await open();
  await userEvent.keyboard('x');
  (await last('x')).answer(found([workload('xa'), workload('xb')], []));
  await screen.findByText('2 results');
  await userEvent.keyboard('b');
  expect(options()).toEqual(['xb Deployment · shop · local · Running']);
});

it('what is chosen stays chosen when more is found', async () => {
  await open(<Opened name="w~modest" />);
  await userEvent.keyboard('od{ArrowDown}');
  expect(options()).toEqual(['w~modest Deployment · shop', 'Pods ']);
  expect(selected()).toHaveTextContent('Pods');
  (await last('od')).answer(found([workload('modest')], [pod('od-1')]));
  await screen.findByText('od-1');
  expect(options().map((text) => text?.split(' ')[0])).toEqual(['Pods', 'modest', 'od-1']);
  expect(selected()).toHaveTextContent('Pods');
});

it('Enter opens what the finished text finds, not an earlier result', async () => {
  await open();
  await userEvent.keyboard('ord');
  (await last('ord')).answer(found([workload('old-orders'), workload('orders')], []));
  await screen.findByText('2 results');
  await userEvent.keyboard('ers{Enter}');
  expect(push).not.toHaveBeenCalled();
  (await last('orders')).answer(found([workload('orders')], []));
  await vi.waitFor(() => expect(push.mock.calls).toEqual([['/workloads/w~orders']]));
  expect(screen.queryByRole('combobox')).toBeNull();
});

it('says when nothing is found, and offers a retry after an error', async () => {
  await open();
  await userEvent.keyboard('zzz');
  (await last('zzz')).answer(found([], []));
  expect(await screen.findByText(/^Nothing found for “zzz”/)).toBeInTheDocument();
  expect(field()).toHaveAttribute('aria-expanded', 'false');
  await userEvent.keyboard('q');
  (await last('zzzq')).fail('INTERNAL');
  await userEvent.click(await screen.findByTestId('problem-retry'));
  await vi.waitFor(() => expect(sent).toHaveLength(3));
  sent[2]?.answer(found([workload('zzzq')], []));
  expect(await screen.findByText('1 result')).toBeInTheDocument();
});

const row = workloadDetail({
  name: 'web',
  availableActions: [
    available('RESTART'),
    available('START', { allowed: false, reason: { text: 'it runs' } }),
  ],
});
const page = (
  <Actions row={row} position="1" offers={offers(row)} accepted={() => {}} reload={async () => null} />
);

it('offers the actions of what is open, or says why not', async () => {
  await open(page);
  await userEvent.keyboard('start');
  expect(options().slice(0, 2)).toEqual(['web: Restart ', 'web: Start it runs']);
  expect(screen.getByRole('option', { name: /web: Start it runs/ })).toHaveAttribute('aria-disabled', 'true');
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(field()).toBeInTheDocument();
  await userEvent.keyboard('{ArrowUp}{Enter}');
  expect(await screen.findByTestId(`command-${actions.restart.name}`)).toBeInTheDocument();
  expect(screen.queryByRole('combobox')).toBeNull();
});

it('has what was open last and still exists, until one signs out', async () => {
  const { store } = await open([...'abcdefghij', 'open'].map((name) => <Opened key={name} name={name} />));
  const recent = () => within(screen.getByRole('group', { name: 'Recent' })).getAllByRole('option');
  expect(
    recent()
      .map(({ textContent }) => textContent?.[0])
      .join(''),
  ).toBe('jihgfed');
  act(() => void store.dispatch({ type: 'recent/gone', payload: 'j' }));
  expect(recent()[0]).toHaveTextContent('i');
  act(() => void store.dispatch(personChanged(null)));
  expect(screen.queryByRole('group', { name: 'Recent' })).toBeNull();
});

it('has no fault that axe finds', async () => {
  await open(page);
  await userEvent.keyboard('w');
  (await last('w')).answer(found([workload('web')], []));
  await screen.findByText('web', { exact: true });
  const { violations } = await axe.run(screen.getByRole('dialog'), {
    rules: { 'color-contrast': { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
});
