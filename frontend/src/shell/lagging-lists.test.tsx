// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answer, show } from '@/test/render';
import { LaggingLists } from './lagging-lists';

it('names the lists that lag, and the event they stopped at', async () => {
  const behind = [
    { list: 'operations_log', position: '57' },
    { list: 'list_of_a_newer_server', position: '9' },
  ];
  answer({ server: { behind } });
  show(<LaggingLists />);
  expect(await screen.findByTestId('lagging-lists')).toHaveTextContent(
    'These lists lag behind the log: Operations (at event 57), list_of_a_newer_server (at event 9).',
  );
});

it('says nothing while no list lags', async () => {
  const requests = answer({ server: { behind: [] } });
  show(<LaggingLists />);
  await waitFor(() => expect(requests).toHaveLength(1));
  expect(screen.queryByTestId('lagging-lists')).toBeNull();
});
