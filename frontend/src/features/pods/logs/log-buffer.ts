import type { GraphqlError } from '@/graphql/error';
import type { PodLogSubscription } from '@/graphql/generated/graphql';
import { External } from '@/ui/hooks/external';

export type Line = PodLogSubscription['podLog'] & { number: number };

const CAPACITY = 5_000;

/** The last lines of a log. While paused, what is shown stays and what comes is only counted. */
export class LogBuffer extends External {
  private lines: Line[] = [];
  private frozen: readonly Line[] | null = null;
  private received = 0;
  private receivedWhenFrozen = 0;
  error: GraphqlError | null = null;
  ended = false;

  constructor(private readonly capacity = CAPACITY) {
    super();
  }

  push(line: PodLogSubscription['podLog']) {
    this.error = null;
    this.received += 1;
    this.lines.push({ ...line, number: this.received });
    // Dropping in large steps keeps a busy log from copying the buffer at every line.
    if (this.lines.length > this.capacity * 1.2) this.lines = this.lines.slice(-this.capacity);
    this.changed();
  }

  shown(): readonly Line[] {
    return this.frozen ?? this.lines;
  }

  get paused(): boolean {
    return this.frozen !== null;
  }

  /** How many lines came since the pause began. */
  get unseen(): number {
    return this.frozen ? this.received - this.receivedWhenFrozen : 0;
  }

  get lastTime(): string | null {
    return this.lines.at(-1)?.time ?? null;
  }

  pause(paused: boolean) {
    this.frozen = paused ? [...this.lines] : null;
    this.receivedWhenFrozen = this.received;
    this.changed();
  }

  fail(error: GraphqlError) {
    this.error = error;
    this.changed();
  }

  end() {
    this.ended = true;
    this.changed();
  }
}
