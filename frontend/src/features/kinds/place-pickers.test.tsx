// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import { kind } from '@/test/samples';
import { PlacePickers } from './place-pickers';

const { address } = vi.hoisted(() => ({ address: { path: '/objects', query: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => address.path,
  useSearchParams: () => new URLSearchParams(address.query),
}));

const cluster = (id: string) => ({
  id,
  name: `prod-${id}`,
  environment: 'PRODUCTION',
  state: 'UNREACHABLE',
  version: null,
  unreadable: [],
});
const kinds = [kind('Service', 'services'), kind('Node', 'nodes', { namespaced: false })];

function open(path: string, clusters = ['eu']) {
  const [pathname = '', query = ''] = path.split('?');
  Object.assign(address, { path: pathname, query });
  history.replaceState(null, '', path);
  answerByName({
    Clusters: { clusters: { nodes: clusters.map(cluster) } },
    Kinds: { kinds: { nodes: kinds, pageInfo: { hasNextPage: false, endCursor: null } } },
    Namespaces: { namespaces: { nodes: ['data', 'shop'].map((name) => ({ id: name, name })) } },
  });
  show(<PlacePickers />);
}

beforeEach(() => history.replaceState(null, '', '/'));

it('several namespaces can be chosen, and stand in the address', async () => {
  open('/objects?kind=Service&ns=data');
  const picker = await screen.findByRole('combobox', { name: 'Namespaces' });
  expect(screen.getByTestId('namespace-picker')).toHaveTextContent('data');
  await userEvent.click(picker);
  await userEvent.click(await screen.findByTitle('shop'));
  expect(location.search).toBe('?kind=Service&ns=data,shop');
  expect(screen.queryByRole('combobox', { name: 'Cluster' })).toBeNull();
});

it('where there are several clusters, one of them can be chosen', async () => {
  open('/workloads', ['eu', 'us']);
  await userEvent.click(await screen.findByRole('combobox', { name: 'Cluster' }));
  await userEvent.click(await screen.findByTitle('prod-us · Production'));
  expect(location.search).toBe('?cluster=us');
});

it('one of many clusters is found by a part of its name', async () => {
  const many = Array.from({ length: 60 }, (_, at) => `site-${at}`);
  open('/workloads', many);
  const picker = await screen.findByRole('combobox', { name: 'Cluster' });
  await userEvent.click(picker);
  await userEvent.type(picker, 'ITE-57');
  await waitFor(() => expect(document.querySelectorAll('.ant-select-item-option')).toHaveLength(1));
  const found = screen.getByTitle('prod-site-57 · Production');
  expect(found).toHaveTextContent(/^prod-site-57\s*No answerProduction$/);
  await userEvent.click(found);
  expect(location.search).toBe('?cluster=site-57');
});

it('a kind outside namespaces has none to choose', async () => {
  open('/objects?kind=Node');
  await waitFor(() => expect(screen.queryByTestId('namespace-picker')).toBeNull());
});

it('there is nothing to choose on other pages', () => {
  open('/audit');
  expect(screen.queryByTestId('place-pickers')).toBeNull();
});
