// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { ChangeFieldsFragment } from '@/graphql/generated/graphql';
import { show } from '@/test/render';
import { cause, problem, victim } from '@/test/samples';
import { Problems } from './problems';

const change = (changes: Partial<ChangeFieldsFragment>): ChangeFieldsFragment => ({
  at: '2026-01-01T00:00:00Z',
  objectId: 'Deployment~dev~shop~web',
  isDeletion: false,
  operation: null,
  revision: null,
  ...changes,
});

const node = problem({
  key: 'node',
  cause: cause(
    'Node w07 does not answer or is gone. Pod web-1 was on it',
    [{ kind: 'CONDITION', text: 'Condition Ready is Unknown', objectId: 'Pod~dev~shop~web-1' }],
    'NODE_LOST',
  ),
  subject: { kind: 'Node', name: 'w07', namespace: null },
  victims: [victim('web'), victim('lone', { kind: 'Pod', state: 'DEGRADED' })],
  victimCount: 12,
  states: [
    { state: 'UNAVAILABLE', count: 3 },
    { state: 'DEGRADED', count: 9 },
  ],
});

const groups = () => screen.getAllByTestId('problem-group');

it('names the cause of each problem, the worst first', () => {
  show(<Problems problems={{ nodes: [node, problem({ key: 'web' })], hasMore: false }} />);
  expect(screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent)).toEqual([
    'Node w07',
    'web: Exit code 1. Container web of pod web-1 ended',
  ]);
  const [first, second] = groups();
  expect(first).toHaveTextContent('Node w07 does not answer or is gone. Pod web-1 was on it');
  expect(first).toHaveTextContent('12 affected: 3 × Unavailable, 9 × Degraded · Began');
  expect(second).toHaveTextContent('Deployment · shop · Began');
  expect(within(second as HTMLElement).getByRole('link', { name: 'web' })).toHaveAttribute(
    'href',
    '/workloads/Deployment~dev~shop~web',
  );
  expect(screen.queryByText('All workloads with problems')).not.toBeInTheDocument();
});

it('shows the named victims when they are unfolded', async () => {
  show(<Problems problems={{ nodes: [node], hasMore: true }} />);
  await userEvent.click(screen.getByText('Affected: 2 of 12'));
  expect(screen.getByRole('link', { name: 'shop/web' })).toHaveAttribute(
    'href',
    '/workloads/Deployment~dev~shop~web',
  );
  expect(screen.getByRole('link', { name: 'Pod shop/lone' })).toHaveAttribute(
    'href',
    '/pods/Pod~dev~shop~lone',
  );
  expect(screen.getByText('All workloads with problems')).toBeVisible();
});

it('leads where the first victim leads, and only the worst one is primary', () => {
  const nodes = [
    problem({ key: 'log' }),
    node,
    problem({ key: 'no cause', cause: null }),
    problem({ key: 'pod', victims: [victim('lone', { kind: 'Pod' })], cause: null }),
  ];
  show(<Problems problems={{ nodes, hasMore: false }} />);
  const steps = screen.getAllByTestId('next-step');
  expect(steps.map((step) => [step.textContent, step.getAttribute('href')])).toEqual([
    ['Read its log', '/pods/Pod~dev~shop~web-1?tab=logs&container=web&run=ended'],
    // Of several victims it says which one.
    ['Read the events of web', '/workloads/Deployment~dev~shop~web?tab=events'],
    ['Read its events', '/workloads/Deployment~dev~shop~web?tab=events'],
    ['Read its events', '/pods/Pod~dev~shop~lone?tab=events'],
  ]);
  expect(steps.filter((step) => step.classList.contains('next-step-worst'))).toEqual([steps[0]]);
  expect(groups()[2]).toHaveTextContent('No cause is known yet.');
});

it('says what changed just before, or that nothing was recorded', () => {
  const operation = { id: 'o', kind: 'ScaleWorkload', state: 'SUCCEEDED' as const, reason: 'backfill' };
  const limit = { path: '/spec/replicas', before: 8, after: 14, important: true };
  const nodes = [
    problem({
      key: 'operation',
      latestChange: change({ operation: { ...operation, actor: { displayName: 'Ada' } } }),
    }),
    problem({
      key: 'others',
      latestChange: change({ revision: { managers: ['kubectl'], changes: [limit] } }),
    }),
    problem({ key: 'none' }),
    problem({ key: 'no time', since: null }),
  ];
  show(<Problems problems={{ nodes, hasMore: false }} />);
  const before = groups().map((group) => within(group).queryByTestId('just-before'));
  expect(before[0]).toHaveTextContent(/Just beforeAda · Scale shop\/web · .* · “backfill”/);
  expect(before[1]).toHaveTextContent(/kubectl · Changed shop\/web.*replicas 8 → 14/);
  expect(before[2]).toHaveTextContent('no change on the named objects was recorded in the 30 min before');
  expect(before[3]).toBeNull();
});

it('says that nothing is wrong, and as of when', () => {
  show(<Problems problems={{ nodes: [], hasMore: false }} asOf={Date.now()} />);
  expect(screen.getByTestId('problems')).toHaveTextContent('Nothing is wrong. As of');
  expect(screen.queryByTestId('problem-group')).not.toBeInTheDocument();
});
