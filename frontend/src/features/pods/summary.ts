import type { PodRowFragment } from '@/graphql/generated/graphql';

type Container = PodRowFragment['containers'][number];
type PodOf = Pick<PodRowFragment, 'id' | 'name' | 'containers'>;

/** Each value, and how many pods have it. */
export type Tally<Value> = ReadonlyMap<Value, number>;

/** A container of the same name in one pod or several. */
export interface ContainerSummary {
  name: string;
  role: string;
  /** What its pods run. */
  images: Tally<string>;
  cpuRequest: Tally<number | null>;
  cpuLimit: Tally<number | null>;
  memoryRequest: Tally<number | null>;
  memoryLimit: Tally<number | null>;
  ready: number;
  pods: number;
  restarts: number;
  /** The worst one: how it is now. */
  worst: Container;
  /** Its pod. */
  worstIn: PodOf;
  /** The latest end among all, and its pod. */
  ended: { termination: NonNullable<Container['termination']>; pod: PodOf } | null;
}

/** As Kubernetes runs them. */
const ROLES = ['init', 'sidecar', 'main', 'ephemeral'];

/** One line for each container, over all pods: its worst state, its restarts, and how it ended the last time. */
export function summaries(pods: readonly PodOf[]): ContainerSummary[] {
  const found = new Map<string, ContainerSummary>();
  for (const pod of pods) {
    for (const container of pod.containers) {
      const { name, role, ready, restarts, termination } = container;
      const sum = found.get(name) ?? {
        name,
        role,
        images: new Map(),
        cpuRequest: new Map(),
        cpuLimit: new Map(),
        memoryRequest: new Map(),
        memoryLimit: new Map(),
        ready: 0,
        pods: 0,
        restarts: 0,
        worst: container,
        worstIn: pod,
        ended: null,
      };
      sum.pods += 1;
      sum.images = plus(sum.images, container.image);
      sum.cpuRequest = plus(sum.cpuRequest, container.cpuRequestMillicores);
      sum.cpuLimit = plus(sum.cpuLimit, container.cpuLimitMillicores);
      sum.memoryRequest = plus(sum.memoryRequest, container.memoryRequestBytes);
      sum.memoryLimit = plus(sum.memoryLimit, container.memoryLimitBytes);
      sum.ready += ready ? 1 : 0;
      sum.restarts += restarts;
      if (badness(container) > badness(sum.worst)) Object.assign(sum, { worst: container, worstIn: pod });
      if (termination && isLater(termination, sum.ended?.termination)) sum.ended = { termination, pod };
      found.set(name, sum);
    }
  }
  return [...found.values()].sort((one, other) => ROLES.indexOf(one.role) - ROLES.indexOf(other.role));
}

const plus = <Value>(tally: Tally<Value>, value: Value): Tally<Value> =>
  new Map(tally).set(value, (tally.get(value) ?? 0) + 1);

/** Each value in words. Where there are several, how many pods have it, the most first. */
export function tallied<Value>(tally: Tally<Value>, words: (value: Value) => string): string[] {
  const all = [...tally].sort(([, one], [, other]) => other - one);
  return all.map(([value, count]) => (all.length === 1 ? words(value) : `${words(value)} (${count})`));
}

const isDone = ({ role, state, termination }: Container) =>
  state === 'terminated' && termination?.exitCode === 0 && role !== 'sidecar';

/** A container that has done its work is as good as a running one. */
export function badness(container: Container): number {
  const { ready, state, reason } = container;
  if (ready || isDone(container)) return 0;
  if (state === 'running') return 1;
  return reason && !WAITS.includes(reason) ? 3 : 2;
}

/** Reasons to wait of every start. */
const WAITS = ['ContainerCreating', 'PodInitializing'];

function isLater(one: { finishedAt: string | null }, other: { finishedAt: string | null } | undefined) {
  return !other || Date.parse(one.finishedAt ?? '') > Date.parse(other.finishedAt ?? '');
}
