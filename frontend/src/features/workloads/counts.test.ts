import { expect, it } from 'vitest';
import { workloadDetail } from '@/test/samples';
import { counts } from './counts';

const numbers = { active: 2, succeeded: 1, failed: 0, desiredReplicas: 3, readyReplicas: 2 };

it('counts pods in the words of what keeps them running', () => {
  const set = workloadDetail({ name: 'web', kind: 'REPLICA_SET', ...numbers, availableReplicas: 1 });
  expect(counts(set)).toEqual([
    ['desired', 3],
    ['ready', 2],
    ['available', 1],
  ]);
});

it('counts the pods of a Job in the words of a Job', () => {
  expect(counts(workloadDetail({ name: 'web', kind: 'JOB', ...numbers }))).toEqual([
    ['completions', 3],
    ['active', 2],
    ['succeeded', 1],
    ['failed', 0],
  ]);
  expect(
    counts(workloadDetail({ name: 'web', kind: 'JOB', ...numbers, desiredReplicas: null })),
  ).toHaveLength(3);
});

it('counts nothing of a CronJob, whose summary says it', () => {
  expect(counts(workloadDetail({ name: 'web', kind: 'CRON_JOB', ...numbers }))).toEqual([]);
});
