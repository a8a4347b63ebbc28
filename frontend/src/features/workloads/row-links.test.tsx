// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { workloadRow } from '@/test/samples';
import { RowLinks } from './row-links';

it('each link says where it leads and to what', () => {
  show(<RowLinks row={workloadRow({ id: 'Deployment~c~shop~web', name: 'web' })} />);
  const links = screen
    .getAllByRole('link')
    .map((link) => [link.getAttribute('aria-label'), link.getAttribute('href')]);
  expect(links).toEqual([
    ['web: Logs', '/workloads/Deployment~c~shop~web?tab=logs'],
    ['web: Metrics', '/workloads/Deployment~c~shop~web?tab=metrics'],
    ['web: How it is set up', '/workloads/Deployment~c~shop~web?tab=yaml'],
    ['web: What changed', '/workloads/Deployment~c~shop~web?tab=history'],
  ]);
});
