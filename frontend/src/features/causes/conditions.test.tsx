// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { Conditions } from './conditions';

const progressing = {
  type: 'Progressing',
  status: 'FALSE' as const,
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "web-7d" has timed out progressing.',
  since: '2026-01-01T00:00:00Z',
};

it('every condition stands with its status, its reason and since when', () => {
  show(<Conditions conditions={[progressing, { ...progressing, type: 'Available', since: null }]} />);
  const [, first, second] = screen.getAllByRole('row');
  expect(first).toHaveTextContent(
    /^ProgressingFalseProgressDeadlineExceededReplicaSet "web-7d" has timed out progressing\..+/,
  );
  expect(first?.querySelector('time')).toHaveAttribute('datetime', '2026-01-01T00:00:00.000Z');
  expect(second?.querySelector('time')).toBeNull();
});

it('which conditions are not here is said below them', () => {
  show(<Conditions conditions={[progressing]} note="Only some" />);
  expect(screen.getByRole('region', { name: 'Conditions' })).toHaveTextContent(/Only some$/);
});

it('without a condition there is no table', () => {
  show(<Conditions conditions={[]} note="Only some" />);
  expect(screen.queryByRole('table')).toBeNull();
  expect(screen.queryByText('Only some')).toBeNull();
});
