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

it('says how often it was observed, and of which object where its words do not tell', () => {
  show(<EvidenceChip source="CONTAINER" words="Waits" where="Pod web-1" />);
  expect(screen.getByText(/Pod web-1/)).toHaveClass('for-readers');
  show(<EvidenceChip source="CONTAINER" words="Waits" where="Pod web-2" isPlaced count={3} />);
  expect(screen.getByText(/Pod web-2/)).not.toHaveClass('for-readers');
  expect(screen.getByTitle('Container · Pod web-2')).toHaveTextContent('Container Waits, Pod web-2 ×3');
});

it('what no page shows is no link', () => {
  show(<EvidenceChip source="ADMISSION" words="denied by policy" />);
  expect(screen.queryByRole('link')).toBeNull();
  expect(screen.getByText(/denied by policy/)).toBeVisible();
});
