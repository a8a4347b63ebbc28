// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { useClustersQuery } from '@/features/clusters/api';
import { answerByName, show } from '@/test/render';
import { kind } from '@/test/samples';
import { Find } from './find';
import './palette';

const { push } = vi.hoisted(() => ({ push: vi.fn() }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/',
  useRouter: () => ({ push }),
}));

const pageInfo = { hasNextPage: false, endCursor: null };
const list = (nodes: object[], hasNextPage = false) => ({ nodes, pageInfo: { hasNextPage } });
const kinds = [
  kind('Service', 'services', { shortNames: ['svc'] }),
  kind('Service.serving.knative.dev', 'services', { custom: true, shortNames: ['kservice', 'ksvc'] }),
  kind('ConfigMap', 'configmaps', { shortNames: ['cm'] }),
  kind('Lease.coordination.k8s.io', 'leases', { recorded: false }),
  kind('Deployment', 'deployments', { group: 'apps', shortNames: ['deploy'] }),
  kind('Pod', 'pods', { shortNames: ['po'] }),
];
const found = (name: string, state: string) => ({
  id: `ConfigMap~eu~shop~${name}`,
  namespace: 'shop',
  name,
  state,
});

/** As the page asks for them. */
function Clusters() {
  return <p>{useClustersQuery().data?.length} clusters</p>;
}

async function open(clusters = ['eu']) {
  const requests = answerByName({
    Clusters: { clusters: { nodes: clusters.map((id) => ({ id, name: `prod-${id}`, state: 'READY' })) } },
    KindNames: { kinds: { nodes: kinds, pageInfo } },
    Find: {
      workloads: list([]),
      pods: list([]),
      objects: list([found('settings', 'READY'), found('settled', 'FAILED')], true),
    },
  });
  show(
    <>
      <Clusters />
      <Find />
    </>,
  );
  await screen.findByText(`${clusters.length} clusters`);
  await userEvent.keyboard('{Control>}k{/Control}');
  await vi.waitFor(() => expect(screen.getByRole('combobox')).toHaveFocus());
  return (name: string) =>
    requests.filter(({ query }) => query.includes(`query ${name}(`)).map(({ variables }) => variables);
}

const options = () => screen.queryAllByRole('option').map(({ textContent }) => textContent);

beforeEach(() => {
  push.mockClear();
  history.replaceState(null, '', '/');
});

it('finds objects of the kinds that are recorded, beside workloads and pods', async () => {
  const asked = await open();
  await userEvent.keyboard('sett');
  const option = await screen.findByRole('option', { name: /^settings/ });
  expect(option).toHaveTextContent('settings ConfigMap · shop · prod-eu · Ready');
  expect(screen.getByRole('option', { name: /^settled/ })).toHaveTextContent(
    'settled ConfigMap · shop · prod-eu Failed',
  );
  expect(asked('Find').at(-1)).toMatchObject({
    search: 'sett',
    kinds: ['Service', 'Service.serving.knative.dev', 'ConfigMap'],
    hasKinds: true,
  });
  await userEvent.click(option);
  expect(push.mock.calls).toEqual([['/objects/ConfigMap~eu~shop~settings']]);
});

it('leads to all that match', async () => {
  await open();
  await userEvent.keyboard('sett');
  await userEvent.click(await screen.findByText('All objects that match'));
  expect(push.mock.calls).toEqual([['/objects?q=sett']]);
});

it.each([
  ['svc', ['Services '], '/objects?kind=Service'],
  ['ksvc', ['Services serving.knative.dev'], '/objects?kind=Service.serving.knative.dev'],
  ['deploy', ['Deployments apps'], '/workloads?kind=DEPLOYMENT'],
])('%s leads to the list of its kind', async (text, words, href) => {
  await open();
  await userEvent.keyboard(text);
  await vi.waitFor(() => expect(options()).toEqual(expect.arrayContaining(words)));
  await userEvent.click(screen.getByRole('option', { name: words[0]?.trim() }));
  expect(push.mock.calls).toEqual([[href]]);
});

it('where there are several clusters, a kind that is read live is that of one', async () => {
  const asked = await open(['eu', 'us']);
  await userEvent.keyboard('lease');
  await userEvent.click(await screen.findByRole('option', { name: /^Leases/ }));
  expect(push.mock.calls).toEqual([['/objects?kind=Lease.coordination.k8s.io&cluster=eu']]);
  expect(asked('KindNames').map(({ cluster }) => cluster)).toEqual(['eu', 'us']);
});
