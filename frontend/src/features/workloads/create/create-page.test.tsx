// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import { CreatePage } from './create-page';

const { search } = vi.hoisted(() => ({ search: { now: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/workloads/new',
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams(search.now),
}));

const manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { template: { spec: { containers: [{ name: 'app', image: 'web:typo' }] } } },
};
const cluster = (id: string) => ({ id, name: `name of ${id}`, environment: 'PRODUCTION', unreadable: [] });

function open(nodes: object[]) {
  const requests = answerByName({
    Clusters: { clusters: { nodes: [cluster('a'), cluster('b')] } },
    Namespaces: { namespaces: { nodes: [] } },
    Namespace: { node: null },
    RequestedManifest: { auditEvents: { nodes } },
  });
  show(<CreatePage />);
  return () => requests.filter(({ query }) => query.includes('query RequestedManifest'));
}

beforeEach(() => {
  search.now = '';
});

it('begins with the manifest and the cluster of the operation that the address names', async () => {
  search.now = 'from=o';
  const asked = open([{ cluster: 'b', payload: { intent: { CreateWorkload: { manifest } } } }]);
  expect(await screen.findByTestId('field-image')).toHaveValue('web:typo');
  expect(screen.getByTestId('field-name')).toHaveValue('web');
  expect(screen.getByTestId('create-copied')).toHaveTextContent('an operation that failed');
  expect(await screen.findByTestId('place')).toHaveTextContent('name of b, shop');
  expect(asked()).toMatchObject([{ variables: { operation: 'o' } }]);
});

it('says that the manifest cannot be read any more, and is empty', async () => {
  search.now = 'from=o';
  open([{ cluster: 'b', payload: { intent: { CreateWorkload: { manifest: '<forgotten>' } } } }]);
  expect(await screen.findByTestId('create-not-copied')).toBeInTheDocument();
  expect(screen.getByTestId('field-image')).toHaveValue('');
  expect(screen.queryByTestId('create-copied')).toBeNull();
});

it('is empty without an operation', () => {
  const asked = open([]);
  expect(screen.getByTestId('field-image')).toHaveValue('');
  expect(screen.queryByTestId('create-not-copied')).toBeNull();
  expect(asked()).toEqual([]);
});
