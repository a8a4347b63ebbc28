// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import { problem } from '@/test/samples';
import { ContainerDashboard } from './dashboard';

vi.mock('next/navigation', () => ({ useRouter: () => ({}) }));

const page = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
const answers = (workloads: object[]) => ({
  Position: { server: { projectedPosition: '1' } },
  Operations: { operations: page },
  Overview: {
    overview: {
      problems: { nodes: [] as object[], hasMore: false },
      changes: [],
      workloads,
      pods: [] as object[],
      operations: [],
      position: '1',
    },
  },
});

it('shows problems, changes, operations in flight and counts', async () => {
  answerByName(answers([{ state: 'RUNNING', count: 2 }]));
  show(<ContainerDashboard />);
  expect(await screen.findByText('Nothing is wrong.')).toBeInTheDocument();
  expect(await screen.findByText('No operation is in flight.')).toBeInTheDocument();
  expect(screen.getByTestId('changes')).toHaveTextContent('No change was recorded.');
  expect(screen.getByTestId('count-RUNNING')).toHaveTextContent('2Running');
});

it('the worst state is counted first', async () => {
  const states = ['COMPLETED', 'DEGRADED', 'FAILED', 'RUNNING', 'STOPPED', 'UNAVAILABLE'];
  const answered = answers(states.map((state) => ({ state, count: 1 })));
  answered.Overview.overview.pods = ['Failed', 'Pending', 'Running'].map((phase) => ({ phase, count: 1 }));
  answerByName(answered);
  show(<ContainerDashboard />);
  await screen.findByTestId('count-FAILED');
  const order = screen.getAllByTestId(/^count-/).map(({ dataset }) => dataset.testid?.replace('count-', ''));
  expect(order.slice(0, 6)).toEqual(['FAILED', 'UNAVAILABLE', 'DEGRADED', 'STOPPED', 'RUNNING', 'COMPLETED']);
  expect(order.slice(6)).toEqual(['Failed', 'Pending', 'Running']);
});

it('the head says how many causes affect how many workloads', async () => {
  const states = { RUNNING: 1_208, UNAVAILABLE: 2, FAILED: 1, DEGRADED: 1 };
  const answered = answers(Object.entries(states).map(([state, count]) => ({ state, count })));
  answered.Overview.overview.problems.nodes = ['a', 'b'].map((key) => problem({ key }));
  answerByName(answered);
  show(<ContainerDashboard />);
  expect(await screen.findByText('2 causes affect 4 of 1,212 workloads')).toBeInTheDocument();
  expect(screen.getByTestId('lead')).toHaveTextContent(
    /^2 causes affect 4 of 1,212 workloads · 1 × Failed · 2 × Unavailable · the worst began .*ago$/,
  );
});

it('a cause of pods without a workload affects no workload', async () => {
  const answered = answers([{ state: 'RUNNING', count: 2 }]);
  answered.Overview.overview.problems.nodes = [problem({ key: 'a', since: null })];
  answerByName(answered);
  show(<ContainerDashboard />);
  await vi.waitFor(() => expect(screen.getByTestId('lead').textContent).toBe('1 cause'));
});

it('offers to create the first workload where there is none', async () => {
  answerByName(answers([]));
  show(<ContainerDashboard />);
  expect(await screen.findByText('There are no workloads yet.')).toBeInTheDocument();
  expect(screen.queryByTestId('problems')).not.toBeInTheDocument();
});

it('a failure has one box and no panel that waits beside it', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(async (_url: string, { body }: { body: string }) =>
      JSON.parse(body).query.includes('query Overview')
        ? new Response(JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'INTERNAL' } }] }))
        : new Response(JSON.stringify({ data: answers([])[/query (\w+)/.exec(body)?.[1] as 'Operations'] })),
    ),
  );
  show(<ContainerDashboard />);
  expect(await screen.findByTestId('problem')).toBeInTheDocument();
  expect(screen.queryByTestId('problems')).not.toBeInTheDocument();
  expect(screen.queryByTestId('changes')).not.toBeInTheDocument();
});
