import type { GraphqlError } from '@/graphql/error';
import type { PodLogSubscription } from '@/graphql/generated/graphql';
import { External } from '@/ui/hooks/external';
import { plainText, type Span, terminalLine } from './terminal-line';

export type LogLine = PodLogSubscription['podLog'];

/** A line as it is shown, or a mark between two lines. */
export type Entry = { number: number } & ({ line: LogLine; spans: Span[]; plain: string } | { mark: Mark });

/**
 * `gap`: lines may be missing here, because the server no longer had those between two connections. `restart`: here the
 * container restarted.
 */
export type Mark = 'gap' | 'restart';

const CAPACITY = 5_000;

/** The last lines of a log. While paused, what is shown stays and what comes is only counted. */
export class LogBuffer extends External {
  private entries: Entry[] = [];
  private frozen: readonly Entry[] | null = null;
  private received = 0;
  private receivedLines = 0;
  private linesWhenFrozen = 0;
  error: GraphqlError | null = null;
  ended = false;

  constructor(private readonly capacity = CAPACITY) {
    super();
  }

  push(line: LogLine) {
    this.error = null;
    this.receivedLines += 1;
    const spans = terminalLine(line.line);
    this.append({ number: this.received + 1, line, spans, plain: plainText(spans) });
  }

  mark(mark: Mark) {
    this.append({ number: this.received + 1, mark });
  }

  shown(): readonly Entry[] {
    return this.frozen ?? this.entries;
  }

  /** All lines it holds, shown or not. */
  lines(): LogLine[] {
    return this.entries.flatMap((entry) => ('line' in entry ? [entry.line] : []));
  }

  get paused(): boolean {
    return this.frozen !== null;
  }

  /** How many lines came since the pause began. */
  get unseen(): number {
    return this.frozen ? this.receivedLines - this.linesWhenFrozen : 0;
  }

  pause(paused: boolean) {
    this.frozen = paused ? [...this.entries] : null;
    this.linesWhenFrozen = this.receivedLines;
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

  private append(entry: Entry) {
    this.received += 1;
    this.entries.push(entry);
    // Dropping in large steps keeps a busy log from copying the buffer at every line.
    if (this.entries.length > this.capacity * 1.2) this.entries = this.entries.slice(-this.capacity);
    this.changed();
  }
}
