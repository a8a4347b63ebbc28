import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';

export type Condition = WorkloadDetailFragment['conditions'][number];

const statuses: Record<string, Condition['status']> = { True: 'TRUE', False: 'FALSE', Unknown: 'UNKNOWN' };

/** The conditions in the report of an observation, as the log has them. */
export function conditionsOf(payload: unknown): Condition[] {
  const { report } = (payload ?? {}) as { report?: { conditions?: unknown } };
  const given = Array.isArray(report?.conditions) ? (report.conditions as Record<string, unknown>[]) : [];
  return given.map(({ type, status, reason, message, since }) => ({
    type: textOf(type) ?? '',
    status: statuses[String(status)] ?? 'UNKNOWN',
    reason: textOf(reason),
    message: textOf(message) ?? '',
    since: textOf(since),
  }));
}

const textOf = (value: unknown) => (typeof value === 'string' && value ? value : null);
