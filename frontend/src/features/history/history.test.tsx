// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import { operation } from '@/test/samples';
import { History } from './history';

const { search } = vi.hoisted(() => ({ search: { now: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/workloads/web',
  useSearchParams: () => new URLSearchParams(search.now),
}));

const image = '/spec/template/spec/containers/0/image';
const page = (nodes: object[], hasNextPage = false) => ({
  nodes,
  pageInfo: { hasNextPage, endCursor: null },
  totalCount: nodes.length,
});
const operations = [operation({ id: 'o', state: 'SUCCEEDED', requestedAt: '2026-01-09T12:00:00Z' })];
const revisions = [
  {
    position: '9',
    recordedAt: '2026-01-09T12:00:01Z',
    recordedAnew: false,
    managers: ['binnacle'],
    operation: { id: 'o', kind: 'ScaleWorkload', actor: { displayName: 'Ada' } },
    changes: [{ path: '/spec/replicas', before: 1, after: 3, important: true }],
  },
  {
    position: '7',
    recordedAt: '2026-01-03T11:00:00Z',
    recordedAnew: false,
    managers: ['kubectl-edit', 'argocd'],
    operation: null,
    changes: [
      { path: '/metadata/labels/team', before: null, after: 'shop', important: false },
      { path: image, before: 'web:1', after: 'web:2', important: true },
    ],
  },
  {
    position: '2',
    recordedAt: '2026-01-03T10:00:00Z',
    recordedAnew: true,
    managers: [],
    operation: null,
    changes: [],
  },
  {
    position: '1',
    recordedAt: '2026-01-03T10:00:00Z',
    recordedAnew: false,
    managers: [],
    operation: null,
    changes: [],
  },
];
const events = [
  {
    id: 'e',
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting failed container app',
    count: 12,
    lastSeen: '2026-01-09T13:00:00Z',
    source: 'kubelet',
    objectId: 'Pod~c~shop~web-1',
    container: 'app',
  },
];

function open(changed: object = {}) {
  answerByName({
    Position: { server: { projectedPosition: '1' } },
    Operations: { operations: page(operations) },
    Revisions: { object: { revisions: page(revisions) } },
    Events: { kubernetesEvents: page(events) },
    ...changed,
  });
  show(<History id="web" row={{ id: 'web' }} />);
}

beforeEach(() => {
  search.now = '';
  history.replaceState(null, '', '/');
});

it('operations, changes by others and events are one list, with quiet days folded', async () => {
  open();
  const list = (await screen.findByTestId('operation-entry')).closest('ol');
  const shown = [...(list?.children ?? [])].map(
    (item) => (item.querySelector('.grow') ?? item).textContent ?? '',
  );
  expect(shown[0]).toMatch(/^BackOff ×12 · Event · Pod web-1Back-off restarting failed container app$/);
  expect(shown[1]).toMatch(/^Scale.*Ada.*replicas 1 → 3$/);
  expect(shown[2]).toBe('6 days without a change');
  expect(shown[3]).toMatch(/^kubectl-edit, argocd/);
  expect(shown[4]).toMatch(/recorded anew, after its data key was deleted\.$/);
  expect(shown[5]).toMatch(/Binnacle first saw it\.$/);
  expect(shown).toHaveLength(6);
});

it('an event of several objects unfolds to each of them', async () => {
  const alike = ['web-1', 'web-2'].map((pod) => ({ ...events[0], id: pod, objectId: `Pod~c~shop~${pod}` }));
  open({ Events: { kubernetesEvents: page(alike) } });
  const entry = await screen.findByTestId('history-event');
  expect(entry).toHaveTextContent(/^BackOff ×24 · Event/);
  const link = within(entry).getByText('Pod web-2');
  expect(link).not.toBeVisible();
  await userEvent.click(within(entry).getByText('2 objects'));
  expect(link).toBeVisible();
  expect(link).toHaveAttribute('href', '/pods/Pod~c~shop~web-2');
});

it('an overtaken operation tells its own change from that of who overtook it', async () => {
  const [done] = operations;
  open({ Operations: { operations: page([{ ...done, state: 'OVERTAKEN', overtakenBy: 'kubectl-edit' }]) } });
  const own = await screen.findByText('What the operation itself changed:');
  expect(own.nextElementSibling).toHaveTextContent('replicas 1 → 3');
});

it('a change says which fields, the important ones first and the others folded', async () => {
  open();
  const [edited] = await screen.findAllByTestId('revision-entry');
  expect(within(edited as HTMLElement).getByTitle(image).parentElement).toHaveTextContent('web:1 → web:2');
  const label = within(edited as HTMLElement).getByText('labels.team');
  expect(label).not.toBeVisible();
  await userEvent.click(screen.getByText('1 more field'));
  expect(label).toBeVisible();
  expect(label.parentElement).toHaveTextContent('not set → shop');
});

it('only what people did can be shown, and then no days are called quiet', async () => {
  search.now = 'who=people';
  open();
  expect(await screen.findByTestId('operation-entry')).toBeInTheDocument();
  expect(screen.getAllByTestId('revision-entry')).toHaveLength(1);
  expect(screen.queryByTestId('history-event')).toBeNull();
  expect(screen.queryByText(/without a change/)).toBeNull();
  await userEvent.click(screen.getByText('All'));
  expect(location.pathname + location.search).toBe('/workloads/web');
});

it('a list that cannot be read leaves the others, and no days are called quiet', async () => {
  const old = events.map((event) => ({ ...event, lastSeen: '2026-01-03T13:00:00Z' }));
  open({ Revisions: undefined, Events: { kubernetesEvents: page(old) } });
  expect(await screen.findByTestId('operation-entry')).toBeInTheDocument();
  expect(screen.getByTestId('history-event')).toBeInTheDocument();
  expect(screen.queryByText(/without a change/)).toBeNull();
  expect(screen.getByRole('button', { name: /Retry/ })).toBeInTheDocument();
});

it('older changes are read when one asks for them', async () => {
  open({ Operations: { operations: page(operations, true) } });
  await userEvent.click(await screen.findByTestId('history-older'));
  await vi.waitFor(() => {
    const sent = vi
      .mocked(fetch)
      .mock.calls.map(([, init]) => JSON.parse(String(init?.body)).variables.first);
    expect(sent).toContain(100);
  });
});

it('where nothing happened, that is said', async () => {
  open({
    Operations: { operations: page([]) },
    Revisions: { object: { revisions: page([]) } },
    Events: { kubernetesEvents: page([]) },
  });
  expect(await screen.findByText(/Nothing was recorded/)).toBeInTheDocument();
});
