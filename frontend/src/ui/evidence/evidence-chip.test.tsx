// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { EvidenceChip } from './evidence-chip';

it('the words lead to the place that shows them, and the source has a name', () => {
  show(<EvidenceChip source="EVENT" words="BackOff ×12" href="/workloads/web?tab=events" />);
  const chip = screen.getByRole('link', { name: 'Event BackOff ×12' });
  expect(chip).toHaveAttribute('href', '/workloads/web?tab=events');
});

it('what no page shows is no link', () => {
  show(<EvidenceChip source="ADMISSION" words="denied by policy" />);
  expect(screen.queryByRole('link')).toBeNull();
  expect(screen.getByText(/denied by policy/)).toBeVisible();
});
