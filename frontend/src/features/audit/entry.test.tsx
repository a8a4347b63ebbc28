// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { answerByName, show } from '@/test/render';
import { operation } from '@/test/samples';
import { AuditEntry } from './entry';
import { initialsOf } from './who';

vi.mock('next/navigation', () => ({
  usePathname: () => '/audit',
  useSearchParams: () => new URLSearchParams(),
}));

const event: AuditRowFragment = {
  position: '7',
  id: 'e',
  type: 'OperationRequested',
  recordedAt: '2026-01-01T00:00:00Z',
  actor: { id: 'u', displayName: 'Ada' },
  component: null,
  operation: null,
  cluster: 'dev',
  namespace: 'shop',
  objectId: 'Deployment~dev~shop~web',
  summary: 'Ada requested to scale Deployment shop/web to 3 replicas',
  reason: 'more of it',
  payload: {},
  changes: [],
};

it('the reason of a command is in its row, and never cut', () => {
  const reason = 'more of it, '.repeat(40).trim();
  show(
    <ol>
      <AuditEntry event={{ ...event, reason }} />
    </ol>,
  );
  const shown = screen.getByText(`“${reason}”`);
  expect(shown).toBeVisible();
  expect(shown.closest('.clip, .middle')).toBeNull();
});

it.each([
  ['watcher', true],
  ['executor', false],
])('what was only seen in the cluster is marked as observed: %s', (component, isObserved) => {
  show(<AuditEntry event={{ ...event, actor: null, component }} />);
  expect(screen.queryByText('observed') !== null).toBe(isObserved);
});

it.each([
  ['SessionStarted', false],
  ['UserPasswordChanged', true],
])('the sentence of %s is in its row only where it says more: %s', (type, isShown) => {
  show(<AuditEntry event={{ ...event, type, objectId: null, summary: 'ada did it' }} />);
  expect(screen.queryByText('ada did it') !== null).toBe(isShown);
});

const unfold = () => userEvent.click(screen.getByRole('button', { name: 'More about event 7' }));

const { id, kind, target } = operation({ id: 'o' });
const request = {
  ...event,
  operation: { id, kind, target, state: 'SUCCEEDED' as const, supersededBy: null },
};

it('a row says when, who, the verb, the object, why and what came of it', async () => {
  show(<AuditEntry event={{ ...request, payload: { intent: { ScaleWorkload: { replicas: 3 } } } }} />);
  const row = screen.getByTestId('audit-entry');
  expect(row.querySelector('time')).toHaveAttribute('datetime', event.recordedAt);
  expect(row).toHaveTextContent(/Ada.*Scale Deployment shop\/web to 3 “more of it”.*Succeeded/);
  expect(screen.getByRole('link', { name: 'shop/web' })).toHaveAttribute('href', '/workloads/web');
  // The sentence says the same again.
  expect(row).not.toHaveTextContent(event.summary);
  answerByName({ ChangesOfTarget: { workload: { revisions: { nodes: [] } } } });
  await unfold();
  expect(row).toHaveTextContent(event.summary);
  expect(screen.getByRole('link', { name: 'Operation' })).toHaveAttribute('href', '/audit?op=o');
});

const ended = { ...request, type: 'OperationCancelled' };
const superseded = { ...ended, operation: { ...request.operation, supersededBy: 'n' } };

it('an operation that a newer one superseded is not called cancelled, and leads to that one', async () => {
  show(<AuditEntry event={superseded} />);
  expect(screen.getByTestId('audit-entry')).toHaveTextContent('Operation superseded');
  expect(screen.getByTestId('audit-entry')).not.toHaveTextContent('Operation cancelled');
  await unfold();
  expect(screen.getByRole('link', { name: 'Newer operation' })).toHaveAttribute('href', '/audit?op=n');
});

it('an operation that a person cancelled is called cancelled', async () => {
  show(<AuditEntry event={ended} />);
  await unfold();
  expect(screen.getByTestId('audit-entry')).toHaveTextContent('Operation cancelled');
  expect(screen.queryByRole('link', { name: 'Newer operation' })).toBeNull();
});

it('what came of a request says that a newer one superseded it', async () => {
  const operation = { ...request.operation, state: 'CANCELLED' as const, supersededBy: 'n' };
  show(<AuditEntry event={{ ...request, operation }} />);
  expect(await screen.findByText('Superseded')).toBeVisible();
});

it('what else a person did is one press away', async () => {
  show(<AuditEntry event={event} />);
  await userEvent.click(screen.getByRole('button', { name: 'Ada' }));
  expect(location.pathname + location.search).toBe('/audit?person=u');
});

it('the fields that a command changed are read when they are asked for', async () => {
  const changed = {
    position: '8',
    recordedAt: event.recordedAt,
    managers: ['binnacle'],
    operation: { id: 'o' },
    changes: [{ path: '/spec/replicas', before: 1, after: 3, important: true }],
  };
  answerByName({ ChangesOfTarget: { workload: { revisions: { nodes: [changed] } } } });
  show(<AuditEntry event={request} />);
  expect(fetch).not.toHaveBeenCalled();
  await unfold();
  expect(await screen.findByText('replicas')).toBeVisible();
  expect(screen.getByTestId('audit-fields')).toHaveTextContent('replicas 1 → 3');
});

it('a log that was opened leads to its pod', () => {
  show(<AuditEntry event={{ ...event, type: 'LogOpened', objectId: 'Pod~dev~shop~web-1' }} />);
  expect(screen.getByRole('link', { name: 'Pod web-1' })).toHaveAttribute('href', '/pods/Pod~dev~shop~web-1');
});

it('a change that was observed names its object and has its fields', async () => {
  const changes = [{ path: '/spec/replicas', before: 1, after: 3, important: true }];
  const observed = { ...event, type: 'WorkloadManifestObserved', actor: null, component: 'watcher', changes };
  show(<AuditEntry event={observed} />);
  expect(screen.getByRole('link', { name: 'Deployment web' })).toHaveAttribute(
    'href',
    '/workloads/Deployment~dev~shop~web',
  );
  await unfold();
  expect(screen.getByTestId('audit-changes')).toHaveTextContent('replicas 1 → 3');
});

it.each([
  ['Ada Lovelace', 'AL'],
  ['sam.o', 'SO'],
  ['admin', 'A'],
  ['李 伟', '李伟'],
])('the initials of %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
