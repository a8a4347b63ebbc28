import { expect, it } from 'vitest';
import type { WorkloadOrderField } from '@/graphql/generated/graphql';
import { patch, type Window } from '@/resource/window';
import { workloadRow } from '@/test/samples';
import { sortValues, type WorkloadWindowArgs, workloadRules } from './api';

type Row = ReturnType<typeof workloadRow>;

function row(id: string, changes: Partial<Row>): Row {
  const [, , namespace, name = ''] = id.split('~');
  return workloadRow({ id, namespace, name, ...changes });
}

// Names, namespaces and kinds that sort differently by each key, and rows that share all but the id.
const rows = [
  row('StatefulSet~dev~shop~api', { state: 'RUNNING', rank: 11, createdAt: '2026-01-01T10:00:00Z' }),
  row('Deployment~dev~shop~web', { state: 'RUNNING', rank: 11, createdAt: '2026-01-01T10:00:00.5Z' }),
  row('Job~dev~shop-eu~api', { state: 'FAILED', rank: 1, createdAt: '2026-01-01T11:00:01+01:00' }),
  row('CronJob~dev~shop~zeta', { state: 'SUSPENDED', rank: 9, createdAt: '2026-01-01T10:00:00Z' }),
  row('Deployment~dev~app~api', { state: 'RUNNING', rank: 11, createdAt: '2026-01-01T09:59:59.999999Z' }),
];

// What Postgres answers for these rows to `ORDER BY <field> COLLATE "C", id COLLATE "C"`, states by their rank, by their first letters.
const ascending: Record<WorkloadOrderField, string> = {
  NAME: 'DJSDC',
  NAMESPACE: 'DCDSJ',
  STATE: 'JCDDS',
  CREATED_AT: 'DCSDJ',
};

it.each(Object.keys(sortValues) as WorkloadOrderField[])(
  'live rows take the place that the server gives them: %s',
  (field) => {
    for (const direction of ['ASC', 'DESC'] as const) {
      const args: WorkloadWindowArgs = { filter: {}, orderBy: { field, direction }, first: 10 };
      for (let first = 0; first < rows.length; first++) {
        const window: Window<Row> = {
          nodes: [],
          pageInfo: { hasNextPage: false },
          totalCount: 0,
          position: '1',
          changes: {},
          uncertain: false,
        };
        for (const added of [...rows.slice(first), ...rows.slice(0, first)]) {
          patch(window, { kind: 'ADDED', id: added.id, row: added }, args, workloadRules);
        }
        const letters = window.nodes.map(({ id }) => id[0]);
        expect((direction === 'DESC' ? letters.reverse() : letters).join('')).toBe(ascending[field]);
      }
    }
  },
);
