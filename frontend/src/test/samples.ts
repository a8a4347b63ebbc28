import type { OperationFieldsFragment, WorkloadRowFragment } from '@/graphql/generated/graphql';

export function workloadRow(changes: Partial<WorkloadRowFragment> & { name: string }): WorkloadRowFragment {
  return {
    id: changes.name,
    cluster: { id: 'c', name: 'local' },
    namespace: 'shop',
    kind: 'DEPLOYMENT',
    state: 'RUNNING',
    reason: null,
    desiredReplicas: 1,
    readyReplicas: 1,
    images: ['busybox:1'],
    createdAt: '2026-01-01T00:00:00Z',
    version: '1',
    ...changes,
  };
}

export function operation(
  changes: Partial<OperationFieldsFragment> & { id: string },
): OperationFieldsFragment {
  return {
    kind: 'ScaleWorkload',
    state: 'RUNNING',
    progress: 10,
    stage: null,
    stages: [],
    target: {
      cluster: { id: 'c', name: 'local' },
      namespace: 'shop',
      kind: 'Deployment',
      name: 'web',
      workload: { id: 'web' },
    },
    actor: { id: 'u', displayName: 'Ada' },
    reason: null,
    requestedAt: '2026-01-01T00:00:00Z',
    startedAt: null,
    finishedAt: null,
    attempts: 1,
    error: null,
    canCancel: true,
    canRetry: false,
    requestedPosition: '1',
    ...changes,
  };
}
