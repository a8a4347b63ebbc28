// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
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

it('the reason of a command is in its row and in its details', () => {
  show(
    <ol>
      <AuditEntry event={event} />
    </ol>,
  );
  const [shown, folded] = screen.getAllByText('Reason: more of it');
  expect(shown).toBeVisible();
  expect(folded).not.toBeVisible();
  expect(within(screen.getByTestId('audit-payload')).getByText('Reason: more of it')).toBe(folded);
});
