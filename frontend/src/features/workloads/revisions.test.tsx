// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { answer, show } from '@/test/render';
import { Revisions } from './revisions';

vi.mock('next/navigation', () => ({
  usePathname: () => '/workloads/web',
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams(),
}));

const recordedAt = '2026-01-01T00:00:00Z';
const image = '/spec/template/spec/containers/0/image';
const nodes = [
  {
    position: '9',
    recordedAt,
    managers: ['binnacle'],
    operation: { id: 'o', kind: 'ScaleWorkload', actor: { displayName: 'Ada' } },
    changes: [{ path: '/spec/replicas', before: 1, after: 3, important: true }],
  },
  {
    position: '7',
    recordedAt,
    managers: ['kubectl-edit', 'argocd'],
    operation: null,
    changes: [
      { path: '/metadata/labels/team', before: null, after: 'shop', important: false },
      { path: image, before: 'web:1', after: 'web:2', important: true },
    ],
  },
  { position: '2', recordedAt, managers: [], operation: null, changes: [] },
  { position: '1', recordedAt, recordedAnew: true, managers: [], operation: null, changes: [] },
];

it('says who changed which fields, the important ones first and the others folded', async () => {
  const pageInfo = { hasNextPage: false, endCursor: null };
  answer({ workload: { revisions: { nodes, pageInfo, totalCount: 4 } } });
  show(<Revisions workload={{ id: 'web' }} />);
  const [scaled, edited, first, anew] = await screen.findAllByTestId('revision-entry');
  expect(scaled).toHaveTextContent('/spec/replicas: 1 → 3');
  const link = within(scaled as HTMLElement).getByRole('link', { name: 'Scale, Ada' });
  expect(link).toHaveAttribute('href', '/audit?operation=o');
  expect(edited).toHaveTextContent(/^kubectl-edit, argocd/);
  expect(within(edited as HTMLElement).getByText(image).parentElement).toHaveTextContent('web:1 → web:2');
  const label = within(edited as HTMLElement).getByText('/metadata/labels/team');
  expect(label).not.toBeVisible();
  await userEvent.click(screen.getByText('1 more field'));
  expect(label).toBeVisible();
  expect(label.parentElement).toHaveTextContent('not set → shop');
  expect(first).toHaveTextContent('It was observed for the first time.');
  expect(anew).toHaveTextContent('It was recorded anew, after its data key was deleted.');
});

it('folds the days in which nothing changed', async () => {
  const [, edited, first] = nodes;
  const recent = { ...edited, recordedAt: '2026-01-05T01:00:00Z' };
  answer({
    workload: { revisions: { nodes: [recent, first], pageInfo: { hasNextPage: false }, totalCount: 2 } },
  });
  show(<Revisions workload={{ id: 'web' }} />);
  expect(await screen.findByText('4 days without a change')).toBeVisible();
});
