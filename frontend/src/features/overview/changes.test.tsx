// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { eventTypes } from '@/features/audit/event-types';
import { chosenView } from '@/features/audit/views';
import type { ChangeFieldsFragment } from '@/graphql/generated/graphql';
import { show } from '@/test/render';
import { Changes } from './changes';

const by = (name: string, changes: Partial<ChangeFieldsFragment>): ChangeFieldsFragment => ({
  at: '2026-01-01T00:00:00Z',
  objectId: `Deployment~dev~shop~${name}`,
  isDeletion: false,
  operation: null,
  revision: null,
  ...changes,
});

it('joins operations and changes by others, and marks failures', () => {
  const operation = { id: 'o', kind: 'RestartWorkload', state: 'FAILED' as const, reason: null };
  const field = (path: string, important: boolean) => ({ path, before: 1, after: 2, important });
  const changes = [
    by('ledger', { operation: { ...operation, actor: { displayName: 'Ada' } } }),
    by('web', {
      revision: {
        managers: ['kubectl'],
        changes: [
          field('/metadata/a', false),
          field('/metadata/b', false),
          field('/metadata/c', false),
          field('/spec/replicas', true),
        ],
      },
    }),
  ];
  changes.push(by('api', { revision: { managers: ['kube-controller-manager'], changes: [] } }));
  changes.push(by('gone', { isDeletion: true }));
  changes.push({ ...by('', { isDeletion: true }), objectId: 'Namespace~dev~_~old' });
  show(<Changes changes={changes} />);
  const [first, second, third, fourth, fifth] = screen
    .getAllByRole('listitem')
    .filter((item) => item.querySelector('.timeline-mark'));
  expect(first).toHaveTextContent('Ada · Restart shop/ledger');
  expect(first).toHaveTextContent('Failed');
  expect(first?.querySelector('.timeline-failure')).not.toBeNull();
  expect(second).toHaveTextContent('kubectl · Changed shop/web');
  expect(second?.querySelector('.timeline-person')).not.toBeNull();
  expect(third?.querySelector('.timeline-service')).not.toBeNull();
  expect(third).toHaveTextContent('kube-controller-manager · Created shop/api');
  expect(fourth).toHaveTextContent('Outside Binnacle · Deleted shop/gone');
  expect(fifth).toHaveTextContent('Outside Binnacle · Deleted Namespace old');
  expect(second).toHaveTextContent('replicas 1 → 2');
  expect(second).not.toHaveTextContent('c1 → 2');
});

it('a count that a controller keeps for itself is no change, and takes no place of one', () => {
  const noted = { path: '/metadata/annotations/deployment.kubernetes.io~1revision', before: '1', after: '2' };
  const rollouts = Array.from({ length: 10 }, (_, index) => [
    by(`noted-${index}`, { revision: { managers: [], changes: [{ ...noted, important: false }] } }),
    by(`web-${index}`, { revision: { managers: ['kubectl'], changes: [] } }),
  ]);
  show(<Changes changes={rollouts.flat()} />);
  expect(screen.getAllByRole('link', { name: /shop.web-/ })).toHaveLength(10);
  expect(screen.queryByText(/noted-/)).toBeNull();
});

it('says that nothing was recorded', () => {
  show(<Changes changes={[]} />);
  expect(screen.getByText(/^No change was recorded\./)).toBeInTheDocument();
});

it('leads to the view of the audit log that shows operations, changes and deletions by others', () => {
  show(<Changes changes={[]} />);
  const link = screen.getByRole('link', { name: 'All changes' });
  const query = new URL(link.getAttribute('href') ?? '', 'https://binnacle.example').searchParams;
  const types = query.get('type')?.split(',') ?? [];
  expect(types).toEqual([
    'OperationRequested',
    'WorkloadManifestObserved',
    'WorkloadGone',
    'ObjectObserved',
    'ObjectGone',
  ]);
  expect(eventTypes).toEqual(expect.arrayContaining(types));
  expect(chosenView({ get: (key) => query.get(key) ?? '' })).toBe('all');
});
