import { expect, it } from 'vitest';
import { patch } from '@/resource/window';
import { operation } from '@/test/samples';
import { type OperationWindow, type OperationWindowArgs, operationChange, operationRules } from './api';

const all: OperationWindowArgs = { filter: {}, first: 20 };

function window(isPartial: boolean, ...positions: string[]): OperationWindow {
  return {
    nodes: positions.map((position) => operation({ id: position, requestedPosition: position })),
    pageInfo: { hasNextPage: isPartial, endCursor: null },
    totalCount: positions.length + (isPartial ? 10 : 0),
    position: '100',
    changes: {},
    uncertain: false,
  };
}

function change(shown: OperationWindow, changes: Parameters<typeof operation>[0], args = all) {
  patch(shown, operationChange(operation(changes), shown, args), args, operationRules);
  return { ids: shown.nodes.map(({ id }) => id), total: shown.totalCount };
}

it('an operation that is shown is replaced in its place', () => {
  const shown = window(false, '9', '8');
  change(shown, { id: '8', requestedPosition: '8', progress: 80 });
  expect(shown.nodes[1]?.progress).toBe(80);
});

it('a new operation comes first, in the order of the log', () => {
  const shown = window(true, '99', '98');
  expect(change(shown, { id: '101', requestedPosition: '101' })).toEqual({
    ids: ['101', '99', '98'],
    total: 13,
  });
});

it('an old operation behind the window is not counted as a new one', () => {
  const shown = window(true, '99', '98');
  expect(change(shown, { id: '7', requestedPosition: '7', progress: 50 })).toEqual({
    ids: ['99', '98'],
    total: 12,
  });
});

it('an operation that no longer matches the filter leaves', () => {
  const running = { filter: { states: ['RUNNING' as const] }, first: 20 };
  const ended = { id: '9', requestedPosition: '9', state: 'SUCCEEDED' as const };
  expect(change(window(false, '9'), ended, running)).toEqual({ ids: [], total: 0 });
});

it('an operation outside the time that is looked at stays out', () => {
  const at = (filter: OperationWindowArgs['filter']) =>
    change(window(false, '9'), { id: '101', requestedPosition: '101' }, { filter, first: 20 }).ids;
  expect(at({ since: '2026-01-01T00:00:01Z' })).toEqual(['9']);
  expect(at({ until: '2026-01-01T00:00:00Z' })).toEqual(['9']);
  expect(at({ since: '2026-01-01T00:00:00Z', until: '2026-01-01T00:00:01Z' })).toEqual(['101', '9']);
});

it("another workload's operation stays out of a workload's history", () => {
  const shown = window(false, '9');
  expect(
    change(shown, { id: '101', requestedPosition: '101' }, { filter: { target: 'other' }, first: 20 }).ids,
  ).toEqual(['9']);
});

it('the operations of a workload stay with it when it is deleted', () => {
  const cluster = { id: 'dev', name: 'dev', environment: 'DEVELOPMENT' as const };
  const target = { cluster, namespace: 'shop', kind: 'Deployment', name: 'web', workload: null };
  const history = (id: string) => ({ filter: { target: id }, first: 20 });
  const gone = { id: '9', requestedPosition: '9', target };
  expect(change(window(false, '9'), gone, history('Deployment~dev~shop~web')).ids).toEqual(['9']);
  expect(change(window(false, '9'), gone, history('Deployment~dev~shop~web-other')).ids).toEqual([]);
});
