// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { answer, show } from '@/test/render';
import { useActsOn } from './acting';
import { PagePlace } from './page-place';
import { Stripe } from './stripe';

const { address } = vi.hoisted(() => ({ address: { path: '/', query: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => address.path,
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams(address.query),
}));

const cluster = (id: string, name: string, environment: string) => ({
  id,
  name,
  environment,
  state: 'READY',
  reason: null,
  unreadable: [],
});
const eu = cluster('eu', 'prod-eu', 'PRODUCTION');
const dev = cluster('dev', 'local', 'DEVELOPMENT');

beforeEach(() => Object.assign(address, { path: '/workloads', query: '' }));

it.each([
  ['the only one there is', [eu], '/workloads', '', 'Productionprod-eu'],
  ['that of the filter', [eu, dev], '/workloads', 'cluster=dev', 'Developmentlocal'],
  ['that of the object', [eu, dev], '/workloads/Deployment~eu~shop~web', '', 'Productionprod-eu'],
  [
    'that of an object as browsers write it',
    [eu, dev],
    '/pods/Pod%7Eeu%7Eshop%7Eweb-1',
    '',
    'Productionprod-eu',
  ],
  [
    'that of the object, whatever the filter says',
    [eu, dev],
    '/pods/Pod~eu~shop~web-1',
    'cluster=dev',
    'Productionprod-eu',
  ],
])('the place is %s', async (_, nodes, path, query, words) => {
  Object.assign(address, { path, query });
  answer({ clusters: { nodes } });
  const { container } = show(
    <>
      <Stripe />
      <PagePlace />
    </>,
  );
  const place = await screen.findByTestId('cluster');
  expect(place).toHaveTextContent(words);
  expect(container.querySelector('.environment-stripe')).toHaveAttribute(
    'data-environment',
    place.dataset.environment,
  );
});

function Form({ cluster }: { cluster: string }) {
  useActsOn(cluster);
  return null;
}

it('the place is the one that a page acts on whose address names none, as long as it is open', async () => {
  Object.assign(address, { path: '/workloads/new' });
  answer({ clusters: { nodes: [eu, dev] } });
  const page = (form: ReactNode) => (
    <>
      <Stripe />
      <PagePlace />
      {form}
    </>
  );
  const { rerender } = show(page(<Form cluster="dev" />));
  expect(await screen.findByTestId('cluster')).toHaveTextContent('Developmentlocal');
  rerender(page(<Form cluster="eu" />));
  expect(screen.getByTestId('cluster')).toHaveTextContent('Productionprod-eu');
  rerender(page(null));
  expect(screen.queryByTestId('cluster')).toBeNull();
});

it.each([
  ['a page about several clusters', [eu, dev], '/workloads', ''],
  ['a page about a cluster that is not known', [eu], '/workloads', 'cluster=other'],
  ['an address that is none', [eu, dev], '/workloads/%', ''],
])('%s has no place and a grey stripe', async (_, nodes, path, query) => {
  Object.assign(address, { path, query });
  const requests = answer({ clusters: { nodes } });
  const { container } = show(
    <>
      <Stripe />
      <PagePlace />
    </>,
  );
  await waitFor(() => expect(requests).toHaveLength(1));
  expect(screen.queryByTestId('cluster')).toBeNull();
  expect(container.querySelector('.environment-stripe')).not.toHaveAttribute('data-environment');
});
