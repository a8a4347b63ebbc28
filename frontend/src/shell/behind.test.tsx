// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answer, show } from '@/test/render';
import { Behind } from './behind';

it('names the lists that have stopped, and where', async () => {
  answer({ server: { behind: [{ list: 'pods', position: '57' }] } });
  show(<Behind />);
  expect((await screen.findByTestId('behind')).textContent).toContain('pods (event 57)');
});

it('says nothing while all is well', async () => {
  const asked = answer({ server: { behind: [] } });
  show(<Behind />);
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(screen.queryByTestId('behind')).toBeNull();
});
