import { expect, it } from 'vitest';
import { operation } from '@/test/samples';
import { applyOperationChange, type OperationWindow } from './window';

function window(...ids: string[]): OperationWindow {
  return {
    nodes: ids.map((id) => operation({ id })),
    pageInfo: { hasNextPage: false, endCursor: null },
    totalCount: ids.length,
    position: '1',
  };
}

const all = { filter: {}, first: 20 };
const change = (changes: Parameters<typeof operation>[0]) => ({
  position: '9',
  operation: operation(changes),
});

it('news of a known operation replaces it', () => {
  const shown = window('a');
  applyOperationChange(shown, change({ id: 'a', lastPosition: '2', progress: 80 }), all);
  expect(shown.nodes[0]?.progress).toBe(80);
});

it('older news than what is shown is ignored', () => {
  const shown = window('a');
  applyOperationChange(shown, change({ id: 'a', lastPosition: '0', progress: 80 }), all);
  expect(shown.nodes[0]?.progress).toBe(10);
});

it('a new operation comes first', () => {
  const shown = window('a');
  applyOperationChange(shown, change({ id: 'b', requestedAt: '2026-02-01T00:00:00Z' }), all);
  expect(shown.nodes.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(shown.totalCount).toBe(2);
});

it('an operation that no longer fits the filter leaves', () => {
  const shown = window('a');
  const failed = { filter: { states: ['RUNNING' as const] }, first: 20 };
  applyOperationChange(shown, change({ id: 'a', lastPosition: '2', state: 'SUCCEEDED' }), failed);
  expect(shown.nodes).toEqual([]);
  expect(shown.totalCount).toBe(0);
});

it("another workload's operation stays out of a workload's history", () => {
  const shown = window('a');
  applyOperationChange(shown, change({ id: 'b' }), { filter: { target: 'other' }, first: 20 });
  expect(shown.nodes).toHaveLength(1);
});

it('the operations of a workload stay with it when it is deleted', () => {
  const cluster = { id: 'dev', name: 'dev' };
  const target = { cluster, namespace: 'shop', kind: 'Deployment', name: 'web', workload: null };
  const id = 'Deployment~dev~shop~web';
  const shown = window('a');
  const gone = { id: 'a', lastPosition: '2', target };
  applyOperationChange(shown, change(gone), { filter: { target: id }, first: 20 });
  expect(shown.nodes).toHaveLength(1);
  applyOperationChange(shown, change({ ...gone, lastPosition: '3' }), {
    filter: { target: `${id}-other` },
    first: 20,
  });
  expect(shown.nodes).toHaveLength(0);
});
