// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answer, show } from '@/test/render';
import { LaggingLists } from './lagging-lists';

it('names the lists that lag, and the event they stopped at', async () => {
  answer({ server: { behind: [{ list: 'pods', position: '57' }] } });
  show(<LaggingLists />);
  expect((await screen.findByTestId('lagging-lists')).textContent).toContain('pods (at event 57)');
});

it('says nothing while no list lags', async () => {
  const requests = answer({ server: { behind: [] } });
  show(<LaggingLists />);
  await waitFor(() => expect(requests).toHaveLength(1));
  expect(screen.queryByTestId('lagging-lists')).toBeNull();
});
