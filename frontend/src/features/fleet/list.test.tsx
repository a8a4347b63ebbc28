// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import { ClusterList } from './list';

const { address } = vi.hoisted(() => ({ address: { query: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/clusters',
  useRouter: () => ({ push: vi.fn() }),
  useSearchParams: () => new URLSearchParams(address.query),
}));

const cluster = (name: string, changes: object = {}) => ({
  id: `${name}-id`,
  name,
  environment: 'PRODUCTION',
  version: 'v1.35.4',
  versionSupport: 'SUPPORTED',
  switchedOff: [],
  namespaces: [],
  state: 'READY',
  reason: null,
  recordedSince: '2026-01-01T00:00:00Z',
  unreadable: [],
  ...changes,
});
const counts = {
  workloads: { totalCount: 212 },
  affected: { totalCount: 3 },
  pods: { totalCount: 1184 },
  nodes: { totalCount: 14 },
};
const fleet = [
  cluster('dev-1', {
    environment: 'DEVELOPMENT',
    version: 'v1.27.1',
    versionSupport: 'TOO_OLD',
    switchedOff: [{ text: 'Commands are switched off' }],
    namespaces: ['data', 'shop'],
  }),
  cluster('prod-eu-1'),
  cluster('edge', {
    state: 'UNREACHABLE',
    reason: 'connection refused',
    version: null,
    versionSupport: null,
    recordedSince: null,
    unreadable: [{ kind: 'Node', message: 'nodes is forbidden' }],
  }),
];

function open(nodes: object[], outcome: object = {}) {
  const requests = answerByName({
    Clusters: { clusters: { nodes } },
    ClusterCounts: counts,
    RemoveCluster: { removeCluster: outcome },
  });
  show(
    <main id="content" tabIndex={-1}>
      <ClusterList />
    </main>,
  );
  return requests;
}

const card = (name: string) =>
  screen.getAllByTestId('cluster-card').find((one) => one.dataset.name === name) as HTMLElement;

beforeEach(() => {
  address.query = '';
  history.replaceState(null, '', '/clusters');
});

it('production comes first, and the lead says how many do not answer', async () => {
  open(fleet);
  const cards = await screen.findAllByTestId('cluster-card');
  expect(cards.map(({ dataset }) => dataset.name)).toEqual(['edge', 'prod-eu-1', 'dev-1']);
  expect(screen.getByTestId('clusters-lead')).toHaveTextContent(
    '3 clusters. 1 does not answer; nothing waits for it.',
  );
  expect(screen.queryByTestId('cluster-search')).toBeNull();
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

it('each says its state and why, its version and what is not watched', async () => {
  open(fleet);
  await screen.findAllByTestId('cluster-card');
  expect(card('edge')).toHaveTextContent(/^edgeProductionNo answerconnection refused/);
  expect(card('edge')).toHaveTextContent('Its version is not known yet.');
  const rest = within(card('edge')).getByTestId('cluster-unreadable');
  expect(rest).toHaveTextContent('1 kind is missing in every listNode: nodes is forbidden');
  expect(within(card('prod-eu-1')).getByTestId('cluster-support')).toHaveTextContent('supported');
  expect(within(card('dev-1')).getByTestId('cluster-support')).toHaveTextContent('older than supported');
  expect(card('dev-1')).toHaveTextContent('Commands are switched off');
  expect(within(card('dev-1')).getByTestId('cluster-namespaces')).toHaveTextContent(
    'Sees only data and shop.',
  );
  expect(within(card('edge')).queryByTestId('cluster-namespaces')).toBeNull();
  expect(card('dev-1')).toHaveTextContent('First recorded');
  expect(card('edge')).not.toHaveTextContent('First recorded');
});

it('each number leads to what it counts', async () => {
  const requests = open([cluster('prod-eu-1')]);
  const links = await waitFor(() => {
    const found = within(card('prod-eu-1')).getAllByRole('link').slice(1);
    expect(found).toHaveLength(4);
    return found;
  });
  const trouble = 'FAILED,UNAVAILABLE,ROLLOUT_STUCK,DEGRADED';
  expect(links.map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
    ['212 workloads', '/workloads?cluster=prod-eu-1-id'],
    ['3 affected', `/workloads?cluster=prod-eu-1-id&state=${trouble}`],
    ['1,184 pods', '/pods?cluster=prod-eu-1-id'],
    ['14 nodes', '/objects?kind=Node&cluster=prod-eu-1-id'],
  ]);
  const asked = requests.find(({ query }) => query.includes('query ClusterCounts'));
  expect(asked?.variables).toEqual({ cluster: 'prod-eu-1-id', trouble: trouble.split(',') });
});

it('among many, one is searched for', async () => {
  open(Array.from({ length: 20 }, (_, at) => cluster(`site-${at}`)));
  const [first, second, third] = await screen.findAllByTestId('cluster-card');
  expect([first, second, third].map((one) => one?.dataset.name)).toEqual(['site-0', 'site-1', 'site-2']);
  await userEvent.type(screen.getByRole('textbox', { name: 'Find a cluster' }), '7');
  expect(location.search).toBe('?q=7');
});

it('the address keeps what is searched for', async () => {
  address.query = 'q=DEV';
  open(fleet);
  expect(await screen.findAllByTestId('cluster-card')).toHaveLength(1);
  expect(card('dev-1')).toBeInTheDocument();
});

it('all are read, however many pages they have', async () => {
  const nodes = Array.from({ length: 103 }, (_, at) => cluster(`site-${at}`));
  const requests: { after: string | null }[] = [];
  vi.stubGlobal(
    'fetch',
    vi.fn(async (_url: string, { body }: { body: string }) => {
      const { query, variables } = JSON.parse(body);
      if (!query.includes('query Clusters(')) return new Response(JSON.stringify({ data: counts }));
      requests.push(variables);
      const page = variables.after ? nodes.slice(100) : nodes.slice(0, 100);
      const data = { clusters: { nodes: page, pageInfo: { endCursor: page.at(-1)?.name } } };
      return new Response(JSON.stringify({ data }));
    }),
  );
  show(<ClusterList />);
  expect(await screen.findAllByTestId('cluster-card')).toHaveLength(103);
  expect(requests.map(({ after }) => after)).toEqual([null, 'site-99']);
});

it('without a cluster there is the way to add one', async () => {
  open([]);
  const empty = await screen.findByTestId('empty');
  expect(empty).toHaveTextContent('There is no cluster yet.');
  expect(within(empty).getByRole('link', { name: 'Add a cluster' })).toHaveAttribute('href', '/clusters/new');
});

it('removing asks for the name in every environment, and the card goes', async () => {
  const gone = cluster('dev-1', { environment: 'DEVELOPMENT' });
  const requests = open([gone], { __typename: 'ClusterAccepted', position: '9', cluster: gone });
  await userEvent.click(await screen.findByRole('button', { name: 'Remove dev-1' }));
  const dialog = await screen.findByTestId('command-remove-cluster');
  await waitFor(() => expect(dialog).toHaveTextContent('212 workloads are no longer shown.'));
  const act = screen.getByTestId('command-submit');
  expect(act).toBeDisabled();
  await userEvent.type(screen.getByTestId('command-reason'), 'moved');
  await userEvent.type(screen.getByTestId('command-typed-name'), 'dev-1{Enter}');
  await waitFor(() => expect(screen.queryByTestId('cluster-card')).toBeNull());
  const asked = requests.find(({ query }) => query.includes('mutation RemoveCluster'));
  expect(asked?.variables).toEqual({ input: { id: 'dev-1-id', reason: 'moved' } });
  expect(document.getElementById('content')).toHaveFocus();
});

it('why it is not removed stands in the dialog', async () => {
  open([cluster('dev-1')], {
    __typename: 'OperationRefused',
    code: 'NOT_SUPPORTED',
    message: 'it is the cluster of KUBECONFIG',
    field: null,
    currentVersion: null,
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Remove dev-1' }));
  await userEvent.type(await screen.findByTestId('command-typed-name'), 'dev-1{Enter}');
  expect(await screen.findByTestId('command-refusal')).toHaveTextContent(
    'Not supported: it is the cluster of KUBECONFIG',
  );
  expect(card('dev-1')).toBeInTheDocument();
});
