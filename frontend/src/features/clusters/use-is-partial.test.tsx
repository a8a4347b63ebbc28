// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answer, show } from '@/test/render';
import { useClustersQuery } from './api';
import { useIsPartial } from './use-is-partial';

function Said() {
  const isRead = useClustersQuery().data !== undefined;
  const isPartial = useIsPartial(['Job', 'Pod']);
  return <p>{isRead && (isPartial ? 'partial' : 'all')}</p>;
}

it.each([
  ['all', 'CONNECTED', []],
  ['all', 'CONNECTED', ['Node']],
  ['partial', 'CONNECTED', ['Job']],
  ['partial', 'UNREACHABLE', []],
])('%s is known of a cluster that is %s and without %j', async (said, state, kinds) => {
  const unreadable = kinds.map((kind) => ({ kind, message: '' }));
  answer({ clusters: { nodes: [{ id: 'c', name: 'c', state, unreadable }] } });
  show(<Said />);
  expect(await screen.findByText(said)).toBeInTheDocument();
});
