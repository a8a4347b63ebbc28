import type { GraphqlError } from '@/graphql/error';
import type { PodMetricsSampledSubscription } from '@/graphql/generated/graphql';
import { External } from '@/ui/hooks/external';

type Sample = PodMetricsSampledSubscription['podMetricsSampled'];
export type Measure = 'cpuMillicores' | 'memoryBytes';

const CAPACITY = 240;
/** Longer than this without a sample is a gap and is drawn as one. */
const GAP_MS = 60_000;

/** The last hour or so of samples. It lives outside the store: nothing but the chart looks at it. */
export class Usage extends External {
  private samples: (Sample | null)[] = [];
  private times: number[] = [];
  error: GraphqlError | null = null;

  constructor(private readonly capacity = CAPACITY) {
    super();
  }

  push(sample: Sample) {
    this.error = null;
    const time = Date.parse(sample.sampledAt);
    const before = this.times.at(-1);
    if (before !== undefined && time <= before) return;
    if (before !== undefined && time - before > GAP_MS) this.append(before + 1, null);
    this.append(time, sample);
    this.changed();
  }

  fail(error: GraphqlError) {
    this.error = error;
    this.changed();
  }

  get latest(): Sample | null {
    return this.samples.at(-1) ?? null;
  }

  podNames(): string[] {
    const names = new Set(this.samples.flatMap((sample) => sample?.pods.map(({ name }) => name) ?? []));
    return [...names].sort();
  }

  /** Columns for the chart: the times in seconds, then one series a pod, null where it was not measured. */
  columns(measure: Measure, scale: number): [number[], ...(number | null)[][]] {
    const series = this.podNames().map((name) =>
      this.samples.map((sample) => {
        const pod = sample?.pods.find((one) => one.name === name);
        return pod ? pod[measure] / scale : null;
      }),
    );
    return [this.times.map((time) => time / 1_000), ...series];
  }

  private append(time: number, sample: Sample | null) {
    this.times.push(time);
    this.samples.push(sample);
    if (this.times.length > this.capacity) {
      this.times.shift();
      this.samples.shift();
    }
  }
}
