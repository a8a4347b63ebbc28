// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { show } from '@/test/render';
import { AuditEntry } from './entry';

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
  summary: 'Ada requested to scale Deployment shop/web to 3 replicas',
  reason: 'more of it',
  payload: {},
};

it('the reason of a command is in its row, and never cut', () => {
  const reason = 'more of it, '.repeat(40).trim();
  show(
    <ol>
      <AuditEntry event={{ ...event, reason }} />
    </ol>,
  );
  const shown = screen.getByText(`Reason: ${reason}`);
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
