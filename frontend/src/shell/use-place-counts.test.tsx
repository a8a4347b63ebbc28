// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answerByName, show } from '@/test/render';
import { usePlaceCounts } from './use-place-counts';

function Shown() {
  return <output>{JSON.stringify(usePlaceCounts())}</output>;
}

const shown = async (overview: object) => {
  answerByName({ PlaceCounts: { overview } });
  show(<Shown />);
  return JSON.parse(await screen.findByText(/:/).then(({ textContent }) => textContent ?? ''));
};

const problems = (count: number, hasMore = false) => ({
  nodes: Array.from({ length: count }, (_, at) => ({ key: String(at) })),
  hasMore,
});

it('each place says how much there is, operations those in flight', async () => {
  const counts = await shown({
    problems: problems(6),
    workloads: [{ count: 200 }, { count: 12 }],
    pods: [{ count: 1184 }],
    operations: [
      { state: 'RUNNING', count: 1 },
      { state: 'UNKNOWN', count: 2 },
      { state: 'SUCCEEDED', count: 99 },
    ],
  });
  expect(counts).toEqual({
    overview: { shown: '6', words: '6 problems' },
    workloads: { shown: '212', words: '212 workloads' },
    pods: { shown: '1,184', words: '1,184 pods' },
    operations: { shown: '3', words: '3 operations in flight' },
  });
});

it('one is counted as one', async () => {
  const none = { workloads: [], operations: [] };
  const counts = await shown({ ...none, problems: problems(1), pods: [{ count: 1 }] });
  expect(counts).toEqual({
    overview: { shown: '1', words: '1 problem' },
    pods: { shown: '1', words: '1 pod' },
  });
});

it('nothing is not counted, and more than the server groups is said', async () => {
  const counts = await shown({ problems: problems(50, true), workloads: [], pods: [], operations: [] });
  expect(counts).toEqual({ overview: { shown: '50+', words: '50+ problems' } });
});
