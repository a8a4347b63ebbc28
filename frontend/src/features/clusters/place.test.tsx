// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { allPods } from '@/features/pods/all';
import { workloadList } from '@/features/workloads/list';
import { answer, show } from '@/test/render';
import { useLeftOutPlace } from './api';
import { Place } from './place';

const cluster = { state: 'READY', reason: null, version: null, unreadable: [] };
const row = { cluster: { name: 'prod-eu' }, namespace: 'shop' };

function List() {
  return (
    <>
      <p data-testid="left-out">{useLeftOutPlace().join()}</p>
      <Place row={row} />
    </>
  );
}

it.each([
  [1, 'workloads.cluster', 'shop'],
  [2, '', 'prod-eu · shop'],
])('of %s clusters the lists leave out: %s', async (count, leftOut, place) => {
  const nodes = Array.from({ length: count }, (_, index) => ({
    ...cluster,
    id: `c${index}`,
    name: `c${index}`,
  }));
  answer({ clusters: { nodes } });
  show(<List />);
  expect(await screen.findByTitle(place)).toBeInTheDocument();
  expect(screen.getByTestId('left-out')).toHaveTextContent(leftOut);
});

it.each([
  ['workloads', workloadList],
  ['pods', allPods],
])('the list of %s has a column for it', (_, { columns, useLeftOut }) => {
  expect(columns?.map(({ title }) => title)).toContain('workloads.cluster');
  expect(useLeftOut).toBe(useLeftOutPlace);
});
