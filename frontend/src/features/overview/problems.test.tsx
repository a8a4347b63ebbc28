// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answerByName, show } from '@/test/render';
import { cause, workloadRow } from '@/test/samples';
import { Problems } from './problems';

it('names the worst problems first, each with its cause', async () => {
  const nodes = [
    workloadRow({ name: 'slow', state: 'DEGRADED', summary: { text: '1 of 2 available' } }),
    workloadRow({ name: 'sum', state: 'FAILED', cause: cause('It ran too long') }),
    workloadRow({ name: 'web', state: 'ROLLOUT_STUCK', cause: cause('Image web:typo was not found') }),
    workloadRow({ name: 'db', state: 'UNAVAILABLE', cause: cause('Quota pods does not allow another pod') }),
  ];
  answerByName({
    Position: { server: { projectedPosition: '1' } },
    Workloads: { workloads: { nodes, pageInfo: { hasNextPage: false }, totalCount: 4 } },
  });
  show(<Problems />);
  await screen.findByText('shop/sum');
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'Failedshop/sumIt ran too long',
    'Unavailableshop/dbQuota pods does not allow another pod',
    'Rollout stuckshop/webImage web:typo was not found',
    'Degradedshop/slow1 of 2 available',
  ]);
});
