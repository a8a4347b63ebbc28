import type {
  CauseFieldsFragment,
  EvidenceKind,
  KindFieldsFragment,
  ObjectDetailFragment,
  ObjectRowFragment,
  OperationDetailFragment,
  PodDetailFragment,
  ProblemFieldsFragment,
  WorkloadDetailFragment,
  WorkloadRowFragment,
} from '@/graphql/generated/graphql';
import { signedIn } from '@/session/session-slice';

export function workloadRow(changes: Partial<WorkloadRowFragment> & { name: string }): WorkloadRowFragment {
  return {
    id: changes.name,
    cluster: { id: 'c', name: 'local', environment: 'PRODUCTION' },
    namespace: 'shop',
    kind: 'DEPLOYMENT',
    state: 'RUNNING',
    stateSince: null,
    rank: 11,
    summary: null,
    cause: null,
    desiredReplicas: 1,
    readyReplicas: 1,
    restarts: 0,
    cpuRequestMillicores: null,
    memoryRequestBytes: null,
    images: ['busybox:1'],
    createdAt: '2026-01-01T00:00:00Z',
    version: '1',
    ...changes,
  };
}

type Available = WorkloadDetailFragment['availableActions'][number];

/** An action that the server offers; one of a verb that the dashboard has words for unless `changes` says another. */
export function available(action: string, changes: Partial<Available> = {}): Available {
  const label = action.charAt(0) + action.slice(1).toLowerCase();
  return {
    action,
    verb: `${label}Workload`,
    hasParameters: action === 'SCALE',
    label,
    effect: `${label} it`,
    supported: true,
    allowed: true,
    reason: null,
    caution: null,
    ...changes,
  };
}

export function workloadDetail(
  changes: Partial<WorkloadDetailFragment> & { name: string },
): WorkloadDetailFragment {
  return {
    ...workloadRow(changes),
    labels: {},
    manifest: {},
    cause: null,
    updatedReplicas: null,
    availableReplicas: null,
    active: null,
    succeeded: null,
    failed: null,
    owner: null,
    schedule: null,
    conditions: [],
    availableActions: [available('SCALE')],
    ...changes,
  };
}

const noResources = {
  cpuRequestMillicores: null,
  cpuLimitMillicores: null,
  memoryRequestBytes: null,
  memoryLimitBytes: null,
};

export function podDetail(changes: Partial<PodDetailFragment> & { name: string }): PodDetailFragment {
  return {
    id: `Pod~c~shop~${changes.name}`,
    cluster: { id: 'c', name: 'local' },
    namespace: 'shop',
    phase: 'Running',
    ready: true,
    restarts: 0,
    rank: 3,
    reason: null,
    cause: null,
    node: 'w01',
    createdAt: '2026-01-01T00:00:00Z',
    containers: [],
    ...noResources,
    labels: {},
    workload: { id: 'Deployment~c~shop~web', kind: 'DEPLOYMENT', name: 'web' },
    conditions: [],
    ...changes,
  };
}

export function container(
  changes: Partial<PodDetailFragment['containers'][number]> & { name: string },
): PodDetailFragment['containers'][number] {
  return {
    image: 'busybox:1',
    ready: true,
    restarts: 0,
    state: 'running',
    reason: null,
    role: 'main',
    termination: null,
    ...noResources,
    ...changes,
  };
}

/** A kind of the cluster, by its id. */
export function kind(
  id: string,
  plural: string,
  changes: Partial<KindFieldsFragment> = {},
): KindFieldsFragment {
  const [name = '', ...group] = id.split('.');
  return {
    id,
    kind: name,
    plural,
    group: group.join('.'),
    namespaced: true,
    recorded: true,
    optional: true,
    custom: false,
    shortNames: [],
    count: 0,
    problems: 0,
    ...changes,
  };
}

/** An object in namespace shop, by its kind and its name. */
export function objectRow(
  kind: string,
  name: string,
  changes: Partial<ObjectRowFragment> = {},
): ObjectRowFragment {
  return {
    id: `${kind}~c~shop~${name}`,
    namespace: 'shop',
    name,
    state: 'READY',
    rank: 7,
    cause: null,
    columns: {},
    createdAt: '2026-01-01T00:00:00Z',
    ...changes,
  };
}

export function objectDetail(
  kind: string,
  name: string,
  changes: Partial<ObjectDetailFragment> = {},
): ObjectDetailFragment {
  const [word = '', ...group] = kind.split('.');
  return {
    ...objectRow(kind, name),
    cluster: { id: 'c', name: 'local', environment: 'PRODUCTION' },
    kind: { id: kind, kind: word, group: group.join('.'), version: 'v1', recorded: true },
    uid: 'uid-1',
    stateSince: null,
    labels: {},
    version: '1',
    cause: null,
    operations: { totalCount: 0 },
    availableActions: [],
    ...changes,
  };
}

interface Observed {
  kind: EvidenceKind;
  text: string;
  objectId?: string;
  container?: string;
  reason?: string;
}

export function cause(text: string, observed: Observed[] = [], code = 'EXITED'): CauseFieldsFragment {
  return {
    message: { code, text, arguments: {} },
    since: null,
    evidence: observed.map(({ kind, text, objectId = null, container = null, reason }) => ({
      kind,
      message: { text, arguments: { reason } },
      at: null,
      objectId,
      container,
    })),
  };
}

type Victim = ProblemFieldsFragment['victims'][number];

export function victim(name: string, changes: Partial<Victim> = {}): Victim {
  const kind = changes.kind ?? 'Deployment';
  return {
    objectId: `${kind}~dev~shop~${name}`,
    kind,
    namespace: 'shop',
    name,
    state: 'UNAVAILABLE',
    ...changes,
  };
}

export function problem(changes: Partial<ProblemFieldsFragment> & { key: string }): ProblemFieldsFragment {
  const victims = changes.victims ?? [victim('web')];
  return {
    cause: cause('Exit code 1. Container web of pod web-1 ended', [
      { kind: 'CONTAINER', text: 'Ended (Error)', objectId: 'Pod~dev~shop~web-1', container: 'web' },
    ]),
    subject: null,
    since: '2026-01-01T00:00:00Z',
    victimCount: victims.length,
    states: [{ state: victims[0]?.state ?? 'UNAVAILABLE', count: victims.length }],
    victims,
    latestChange: null,
    ...changes,
  };
}

export function operation(
  changes: Partial<OperationDetailFragment> & { id: string },
): OperationDetailFragment {
  return {
    kind: 'ScaleWorkload',
    state: 'RUNNING',
    progress: 10,
    stage: null,
    cause: null,
    overtakenBy: null,
    supersededBy: null,
    stages: [],
    target: {
      cluster: { id: 'c', name: 'local', environment: 'PRODUCTION' },
      namespace: 'shop',
      kind: 'Deployment',
      name: 'web',
      workload: { id: 'web' },
    },
    actor: { id: 'u', displayName: 'Ada' },
    reason: null,
    requestedAt: '2026-01-01T00:00:00Z',
    startedAt: null,
    deadline: null,
    waitsFor: null,
    batch: null,
    finishedAt: null,
    attempts: 1,
    error: null,
    canCancel: true,
    canRetry: false,
    requestedPosition: '1',
    ...changes,
  };
}

/** A person who is signed in. */
export const signedInAs = (id: string) =>
  signedIn({
    accessToken: 'a',
    expiresAt: '2030-01-01T00:00:00Z',
    viewer: { id, username: id, displayName: id },
  });
