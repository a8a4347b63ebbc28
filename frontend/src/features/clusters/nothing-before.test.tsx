// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answer, show } from '@/test/render';
import { useClustersQuery } from './api';
import { NothingBefore } from './nothing-before';

const SINCE = '2026-12-02T12:00:00Z';

function Said() {
  const isRead = useClustersQuery().data !== undefined;
  return (
    <p data-testid="said" data-read={isRead}>
      <NothingBefore object="Deployment~dev~shop~web" since={SINCE} words="No change." />
    </p>
  );
}

it.each([
  ['2026-12-01T12:00:00Z', /^No change\.$/],
  ['2026-12-02T11:45:00Z', /^No change is known: Binnacle began to record this cluster ./],
  ['2026-12-02T12:30:00Z', /^No change is known: Binnacle began to record this cluster ./],
  [null, /^No change\.$/],
])('recorded since %s', async (recordedSince, said) => {
  const one = { id: 'dev', name: 'dev', unreadable: [], recordedSince };
  answer({ clusters: { nodes: [one, { ...one, id: 'other', recordedSince: SINCE }] } });
  show(<Said />);
  await waitFor(() => expect(screen.getByTestId('said')).toHaveAttribute('data-read', 'true'));
  expect(screen.getByTestId('said')).toHaveTextContent(said);
});
