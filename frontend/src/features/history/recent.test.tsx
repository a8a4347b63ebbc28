// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import { operation } from '@/test/samples';
import { Recent } from './recent';

vi.mock('next/navigation', () => ({
  usePathname: () => '/pods/web-1',
  useSearchParams: () => new URLSearchParams(),
}));

const WORKLOAD = 'Deployment~c~shop~web';
const POD = 'Pod~c~shop~web-1';
const page = (nodes: object[]) => ({ nodes, pageInfo: { hasNextPage: false }, totalCount: nodes.length });
const event = (id: string, type: string, reason: string) => ({
  id,
  type,
  reason,
  message: '',
  count: 1,
  lastSeen: '2026-01-09T13:00:00Z',
  source: 'kubelet',
  objectId: POD,
  container: null,
});
const revision = {
  position: '7',
  recordedAt: '2026-01-03T11:00:00Z',
  recordedAnew: false,
  managers: ['kubectl-edit'],
  operation: null,
  changes: [{ path: '/spec/replicas', before: 1, after: 3, important: true }],
};

function open(workload?: string) {
  const requests = answerByName({
    Operations: { operations: page([operation({ id: 'o', requestedAt: '2026-01-09T12:00:00Z' })]) },
    Revisions: { object: { revisions: page([revision]) } },
    Events: { kubernetesEvents: page([event('1', 'Warning', 'BackOff'), event('2', 'Normal', 'Pulled')]) },
    Position: { server: { projectedPosition: '1' } },
  });
  show(<Recent changed={workload} row={{ id: POD }} note="Of both" />);
  return requests;
}

const entries = async () => {
  const list = await vi.waitFor(() => {
    const found = document.querySelector('.timeline');
    if (!found) throw new Error('not read yet');
    return found;
  });
  return [...list.children].map((item) => (item.querySelector('.grow') ?? item).textContent ?? '');
};

it('a pod has the changes of its workload, and what went wrong with itself', async () => {
  const requests = open(WORKLOAD);
  const [first, second, third, fourth, ...more] = await entries();
  expect(first).toMatch(/^BackOff/);
  expect(second).toMatch(/Scale/);
  expect(third).toBe('6 days without a change');
  expect(fourth).toMatch(/^kubectl-edit .*replicas 1 → 3$/);
  expect(more).toEqual([]);
  const panel = screen.getByTestId('recent');
  expect(panel).toHaveTextContent('Of both');
  expect(within(panel).getByRole('link', { name: 'All changes' })).toHaveAttribute(
    'href',
    `/workloads/${WORKLOAD}?tab=history`,
  );
  const asked = (name: string) => requests.find(({ query }) => query.includes(`query ${name}(`))?.variables;
  expect(asked('Operations')).toMatchObject({ filter: { target: WORKLOAD } });
  expect(asked('Revisions')).toMatchObject({ id: WORKLOAD });
  expect(asked('Events')).toMatchObject({ filter: { about: POD } });
});

it('a pod of no workload has its warnings alone, and no quiet days between them', async () => {
  const requests = open();
  expect(await entries()).toEqual(['BackOff']);
  expect(screen.queryByRole('link', { name: 'All changes' })).toBeNull();
  expect(requests.filter(({ query }) => /query (Operations|Revisions)\(/.test(query))).toEqual([]);
});
