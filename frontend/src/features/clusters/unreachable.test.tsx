// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answer, show } from '@/test/render';
import { Unreachable } from './unreachable';

const well = { id: 'dev', name: 'dev', state: 'READY', reason: null };

it('names the cluster that does not answer, and the reason', async () => {
  const away = { id: 'edge', name: 'edge', state: 'UNREACHABLE', reason: 'it did not answer within 5 s' };
  answer({ clusters: { nodes: [well, away] } });
  show(<Unreachable />);
  const said = await screen.findByTestId('unreachable');
  expect(said).toHaveTextContent('edge does not answer');
  expect(said).toHaveTextContent('within 5 s');
});

it('says nothing while all clusters answer', async () => {
  const requests = answer({ clusters: { nodes: [well] } });
  show(<Unreachable />);
  await waitFor(() => expect(requests).toHaveLength(1));
  expect(screen.queryByTestId('unreachable')).toBeNull();
});
