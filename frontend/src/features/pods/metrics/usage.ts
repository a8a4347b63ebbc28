import type { GraphqlError } from '@/graphql/error';
import type { PodMetricsSampledSubscription } from '@/graphql/generated/graphql';
import { External } from '@/ui/hooks/external';
import { forgetWithPerson } from '@/ui/hooks/on-device';

type Scrape = PodMetricsSampledSubscription['podMetricsSampled'];
type Measured = Scrape['pods'][number];
export type Measure = 'cpuMillicores' | 'memoryBytes';

interface Sample extends Omit<Scrape, 'pods'> {
  /** By their ids. */
  pods: ReadonlyMap<string, Measured>;
}

export interface PodName {
  id: string;
  name: string;
}

const CAPACITY = 240;
/** Longer than this without a sample is a gap and is drawn as one. */
const GAP_MS = 60_000;

/** The last hour or so of samples. It lives outside the store: nothing but the chart looks at it. */
export class Usage extends External {
  private samples: (Sample | null)[] = [];
  private times: number[] = [];
  /** The pods of all samples, and in how many each one is. */
  private readonly known = new Map<string, { name: string; samples: number }>();
  error: GraphqlError | null = null;

  constructor(private readonly capacity = CAPACITY) {
    super();
  }

  push({ pods, ...scrape }: Scrape) {
    this.error = null;
    const time = Date.parse(scrape.sampledAt);
    const before = this.times.at(-1);
    if (before !== undefined && time <= before) return;
    if (before !== undefined && time - before > GAP_MS) this.append(before + 1, null);
    this.append(time, { ...scrape, pods: new Map(pods.map((pod) => [pod.podId, pod])) });
    this.changed();
  }

  fail(error: GraphqlError) {
    this.error = error;
    this.changed();
  }

  get latest(): Sample | null {
    return this.samples.at(-1) ?? null;
  }

  /** How many pods the samples are of. */
  get podCount(): number {
    return this.known.size;
  }

  /** The pods of the samples by name; of more than `most` those that use the most CPU now. */
  top(most: number): PodName[] {
    const all = [...this.known].map(([id, { name }]) => ({ id, name }));
    const used = ({ id }: PodName) => this.latest?.pods.get(id)?.cpuMillicores ?? -1;
    const chosen = all.length > most ? all.sort((one, other) => used(other) - used(one)).slice(0, most) : all;
    return chosen.sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Columns for the chart: the times in seconds, then one series a pod, null where it was not measured. */
  columns(
    pods: readonly Pick<PodName, 'id'>[],
    measure: Measure,
    scale: number,
  ): [number[], ...(number | null)[][]] {
    const series = pods.map(({ id }) =>
      this.samples.map((sample) => {
        const pod = sample?.pods.get(id);
        return pod ? pod[measure] / scale : null;
      }),
    );
    return [this.times.map((time) => time / 1_000), ...series];
  }

  private append(time: number, sample: Sample | null) {
    this.times.push(time);
    this.samples.push(sample);
    for (const { podId, name } of sample?.pods.values() ?? []) {
      this.known.set(podId, { name, samples: (this.known.get(podId)?.samples ?? 0) + 1 });
    }
    if (this.times.length > this.capacity) {
      this.times.shift();
      this.forget(this.samples.shift());
    }
  }

  private forget(sample: Sample | null | undefined) {
    for (const id of sample?.pods.keys() ?? []) {
      const pod = this.known.get(id);
      if (pod && --pod.samples === 0) this.known.delete(id);
    }
  }
}

/** The samples of the page that was looked at last: whoever opens another of its tabs does not lose them. */
let kept: { of: string; usage: Usage } | null = null;
forgetWithPerson(() => {
  kept = null;
});

export function usageOf(page: string): Usage {
  if (kept?.of !== page) kept = { of: page, usage: new Usage() };
  return kept.usage;
}
