// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answer, show } from '@/test/render';
import { useClustersQuery } from './api';
import { useMissingKinds } from './use-missing-kinds';

const cluster = (id: string, ...kinds: string[]) => ({
  id,
  name: id,
  unreadable: kinds.map((kind) => ({ kind, message: kind === 'Node' ? 'nodes is forbidden' : '' })),
});

function Said({ kinds, of }: { kinds: string[]; of?: string }) {
  const isRead = useClustersQuery().data !== undefined;
  return <p>{useMissingKinds(kinds, of) ?? (isRead ? 'none' : '')}</p>;
}

it.each([
  [['Job'], undefined, 'Whether there are any is not known: Binnacle may not read Job.'],
  [
    ['Job', 'CronJob'],
    undefined,
    'Whether there are any is not known: Binnacle may not read Job and CronJob.',
  ],
  [['Node'], undefined, 'Whether there are any is not known: Binnacle may not read Node. nodes is forbidden'],
  [['Job'], 'open', 'none'],
  [['Job', 'Pod'], 'closed', 'none'],
  [[], undefined, 'none'],
])('of %j in cluster %s it is said: %s', async (kinds, of, said) => {
  answer({ clusters: { nodes: [cluster('open'), cluster('closed', 'Job', 'CronJob', 'Node')] } });
  show(<Said kinds={kinds} of={of} />);
  expect(await screen.findByText(said)).toBeInTheDocument();
});
