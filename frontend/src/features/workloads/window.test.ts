import { expect, it } from 'vitest';
import type { ChangeKind } from '@/graphql/generated/graphql';
import { workloadRow } from '@/test/samples';
import { applyWorkloadChange, type WorkloadWindow, type WorkloadWindowArgs } from './window';

const byName: WorkloadWindowArgs = { filter: {}, orderBy: { field: 'NAME', direction: 'ASC' }, first: 3 };

function window(names: string[], more = false): WorkloadWindow {
  return {
    nodes: names.map((name) => workloadRow({ name })),
    pageInfo: { hasNextPage: more, endCursor: null },
    totalCount: names.length + (more ? 10 : 0),
    position: '1',
    changes: {},
    uncertain: false,
  };
}

function change(kind: ChangeKind, name: string, changes = {}) {
  const workload = kind === 'REMOVED' ? null : workloadRow({ name, ...changes });
  return { position: '2', kind, workloadId: name, workload };
}

const names = (shown: WorkloadWindow) => shown.nodes.map(({ name }) => name);

it('a changed row is replaced in its place and marked', () => {
  const shown = window(['a', 'b', 'c']);
  applyWorkloadChange(shown, change('CHANGED', 'b', { state: 'FAILED' }), byName);
  expect(shown.nodes[1]?.state).toBe('FAILED');
  expect(shown.changes).toEqual({ b: 1 });
  expect(shown.totalCount).toBe(3);
});

it('a new row takes its place in the order and is counted', () => {
  const shown = window(['a', 'c']);
  applyWorkloadChange(shown, change('ADDED', 'b'), byName);
  expect(names(shown)).toEqual(['a', 'b', 'c']);
  expect(shown.totalCount).toBe(3);
});

it('a new row behind the window is counted but not shown', () => {
  const shown = window(['a', 'b'], true);
  applyWorkloadChange(shown, change('ADDED', 'z'), byName);
  expect(names(shown)).toEqual(['a', 'b']);
  expect(shown.totalCount).toBe(13);
});

it('the same news twice changes nothing the second time', () => {
  const shown = window(['a']);
  applyWorkloadChange(shown, change('ADDED', 'b'), byName);
  applyWorkloadChange(shown, change('ADDED', 'b'), byName);
  expect(names(shown)).toEqual(['a', 'b']);
  expect(shown.totalCount).toBe(2);
});

it('a row that is gone leaves the window and the count', () => {
  const shown = window(['a', 'b']);
  applyWorkloadChange(shown, change('REMOVED', 'a'), byName);
  expect(names(shown)).toEqual(['b']);
  expect(shown.totalCount).toBe(1);
});

it('a row nobody saw goes without a trace from a complete window', () => {
  const shown = window(['a', 'b']);
  applyWorkloadChange(shown, change('REMOVED', 'x'), byName);
  expect(shown.totalCount).toBe(2);
});

it('news of a row that never was in a filtered list says nothing about the total', () => {
  const failed: WorkloadWindowArgs = { ...byName, filter: { states: ['FAILED'] } };
  const complete = window(['a', 'b']);
  applyWorkloadChange(complete, change('REMOVED', 'x'), failed);
  expect([complete.totalCount, complete.uncertain]).toEqual([2, false]);
  const partial = window(['a', 'b'], true);
  applyWorkloadChange(partial, change('REMOVED', 'x'), failed);
  expect([partial.totalCount, partial.uncertain]).toEqual([12, true]);
});

it('a row that comes to match a filter is shown and counted', () => {
  const shown = window(['a']);
  applyWorkloadChange(shown, change('CHANGED', 'b'), { ...byName, filter: { states: ['FAILED'] } });
  expect(names(shown)).toEqual(['a', 'b']);
  expect(shown.totalCount).toBe(2);
});

it('a row moves when its place in the order changes', () => {
  const shown = window(['a', 'b', 'c']);
  const byState: WorkloadWindowArgs = { ...byName, orderBy: { field: 'STATE', direction: 'DESC' } };
  applyWorkloadChange(shown, change('CHANGED', 'c', { state: 'STOPPED' }), byState);
  expect(names(shown)[0]).toBe('c');
});
