// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import axe from 'axe-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { answer, answerByName, show } from '@/test/render';
import { kind } from '@/test/samples';
import { KindNav } from './kind-nav';

const { address } = vi.hoisted(() => ({ address: { path: '/', query: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => address.path,
  useSearchParams: () => new URLSearchParams(address.query),
}));

const cluster = (id: string, unreadable: object[] = []) => ({ id, name: `local-${id}`, unreadable });
const page = (nodes: object[], endCursor: string | null = null) => ({
  kinds: { nodes, pageInfo: { hasNextPage: endCursor !== null, endCursor } },
});
const kinds = [
  kind('ConfigMap', 'configmaps'),
  kind('Service', 'services', { count: 1184, problems: 2 }),
  kind('Node', 'nodes', { namespaced: false, count: 3 }),
  kind('Issuer.cert-manager.io', 'issuers', { custom: true, count: 7 }),
];

function open(clusters = [cluster('dev')]) {
  const requests = answerByName({ Clusters: { clusters: { nodes: clusters } }, Kinds: page(kinds) });
  show(<KindNav />);
  return requests;
}

beforeEach(() => Object.assign(address, { path: '/', query: '' }));

it('the kinds stand by group, with their counts and with what is in trouble', async () => {
  open();
  const service = await screen.findByTestId('kind-Service');
  expect(service).toHaveAttribute('href', '/objects?kind=Service');
  expect(service).toHaveTextContent(/^Services.*2 need attention1,184$/);
  expect(screen.getByTestId('kind-ConfigMap')).toHaveTextContent(/^ConfigMaps$/);
  expect(screen.getByRole('region', { name: 'Kinds of cluster local-dev' })).toBeInTheDocument();
  const group = screen.getByTestId('kind-Issuer.cert-manager.io').closest('details');
  expect(group?.querySelector('summary')).toHaveTextContent('cert-manager.io7');
  expect(group?.parentElement?.querySelector('summary')).toHaveTextContent('Custom resources7');
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

it('a long title breaks between its words, and is read as one', async () => {
  open();
  const config = await screen.findByTestId('kind-ConfigMap');
  expect(config.querySelector('.kind-title')?.innerHTML).toBe('Config<wbr>Maps');
  expect(config).toHaveAccessibleName('ConfigMaps');
});

it.each([
  ['of a list', '/objects', 'kind=Service'],
  ['of an object', '/objects/Service~dev~shop~web', ''],
])('the group with the kind %s is open', async (_, path, query) => {
  Object.assign(address, { path, query });
  open();
  const service = await screen.findByTestId('kind-Service');
  expect(service).toHaveAttribute('aria-current', 'page');
  expect(service.closest('details')).toHaveAttribute('open');
  const other = screen.getByTestId('kind-ConfigMap');
  expect(other).not.toHaveAttribute('aria-current');
  expect(other.closest('details')).not.toHaveAttribute('open');
});

it('where there are several clusters they are those of one, and the namespaces of the list are kept', async () => {
  Object.assign(address, { path: '/objects', query: 'kind=Service&cluster=eu&ns=a,b' });
  const requests = open([cluster('dev'), cluster('eu')]);
  const config = await screen.findByTestId('kind-ConfigMap');
  expect(config).toHaveAttribute('href', '/objects?kind=ConfigMap&cluster=eu&ns=a,b');
  expect(screen.getByTestId('kind-Node')).toHaveAttribute('href', '/objects?kind=Node&cluster=eu');
  const asked = requests.filter(({ query }) => query.includes('query Kinds('));
  expect(asked.map(({ variables }) => variables)).toEqual([{ cluster: 'eu', after: null }]);
});

it('a kind that may not be read has a lock that names the rule', async () => {
  open([cluster('dev', [{ kind: 'ConfigMap', message: 'configmaps is forbidden' }])]);
  const config = await screen.findByTestId('kind-ConfigMap');
  expect(config).toHaveAttribute('title', 'configmaps is forbidden');
  expect(within(config).getByText('Binnacle may not read it.')).toBeInTheDocument();
});

it('all kinds are there, however many pages they have', async () => {
  const requests = answer(
    { clusters: { nodes: [cluster('dev')] } },
    page(kinds.slice(0, 1), 'ConfigMap'),
    page(kinds.slice(1)),
  );
  show(<KindNav />);
  expect(await screen.findByTestId('kind-Node')).toBeInTheDocument();
  expect(screen.getByTestId('kind-ConfigMap')).toBeInTheDocument();
  expect(requests.map(({ variables }) => variables).slice(1)).toEqual([
    { cluster: 'dev', after: null },
    { cluster: 'dev', after: 'ConfigMap' },
  ]);
});
