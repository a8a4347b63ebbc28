// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { useClustersQuery } from '@/features/clusters/api';
import { answer, show } from '@/test/render';
import { operation } from '@/test/samples';
import { PlacedTarget } from './target-link';

const { target } = operation({ id: 'o' });
const cluster = (id: string, name: string) => ({ id, name, unreadable: [] });

function Row() {
  useClustersQuery();
  return (
    <p data-testid="row">
      <PlacedTarget target={target} />
    </p>
  );
}

it.each([
  ['of one cluster', [cluster('c', 'local')], 'Deployment shop/web'],
  ['of several', [cluster('c', 'local'), cluster('d', 'edge')], 'Deployment local / shop/web'],
])('a target says its kind, and its cluster where there are several: %s', async (_, nodes, words) => {
  answer({ clusters: { nodes } });
  show(<Row />);
  await screen.findByText('shop/web');
  await vi.waitFor(() => expect(screen.getByTestId('row')).toHaveTextContent(words));
});
