// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answer, show } from '@/test/render';
import { Unreadable } from './unreadable';

const cluster = { id: 'dev', name: 'dev', state: 'READY', reason: null };

it('names the kinds that are missing, with the words of the API server', async () => {
  const unreadable = [{ kind: 'Job', message: 'jobs.batch is forbidden: cannot list resource "jobs"' }];
  answer({ clusters: { nodes: [{ ...cluster, unreadable }] } });
  show(<Unreadable />);
  const said = await screen.findByTestId('unreadable-kinds');
  expect(said).toHaveTextContent('Cluster dev does not let Binnacle read all kinds.');
  expect(said).toHaveTextContent('Job: jobs.batch is forbidden: cannot list resource "jobs"');
});

it('many of them are folded, and counted', async () => {
  const unreadable = ['A', 'B', 'C', 'D'].map((kind) => ({ kind, message: `${kind} is forbidden` }));
  answer({ clusters: { nodes: [{ ...cluster, unreadable }] } });
  show(<Unreadable />);
  expect(await screen.findByText('4 kinds are missing in every list')).toBeInTheDocument();
  expect(screen.getByText('A is forbidden')).not.toBeVisible();
});

it('says nothing while all kinds can be read', async () => {
  const requests = answer({ clusters: { nodes: [{ ...cluster, unreadable: [] }] } });
  show(<Unreadable />);
  await waitFor(() => expect(requests).toHaveLength(1));
  expect(screen.queryByTestId('unreadable-kinds')).toBeNull();
});
