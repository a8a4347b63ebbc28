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

const LINES = 5_000;
/** Lines of 64 KiB reach this long before the number of lines is reached. */
const CHARACTERS = 8_000_000;
/** Dropping in large steps keeps a busy log from copying the buffer at every line. */
const SLACK = 1.2;

/**
 * The last lines of a log, by their number and by their length. While paused, what is shown stays and what comes is only
 * counted.
 */
export class LogBuffer extends External {
  private entries: Entry[] = [];
  private frozen: readonly Entry[] | null = null;
  private characters = 0;
  private received = 0;
  private receivedLines = 0;
  private linesWhenFrozen = 0;
  error: GraphqlError | null = null;
  ended = false;

  constructor(
    readonly mostLines = LINES,
    private readonly mostCharacters = CHARACTERS,
  ) {
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

  /** Whether there were lines before the first one that is shown. */
  get isCut(): boolean {
    return (this.shown()[0]?.number ?? 1) > 1;
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
    this.characters += lengthOf(entry);
    const isFull =
      this.entries.length > this.mostLines * SLACK || this.characters > this.mostCharacters * SLACK;
    if (isFull) this.drop();
    this.changed();
  }

  /** Drops the oldest lines. The newest one stays, however long it is. */
  private drop() {
    const { entries, mostLines, mostCharacters } = this;
    let from = entries.length - 1;
    let characters = lengthOf(entries[from]);
    while (from > 0 && entries.length - from < mostLines) {
      const longer = characters + lengthOf(entries[from - 1]);
      if (longer > mostCharacters) break;
      from -= 1;
      characters = longer;
    }
    this.entries = entries.slice(from);
    this.characters = characters;
  }
}

function lengthOf(entry: Entry | undefined): number {
  return entry && 'line' in entry ? entry.line.line.length : 0;
}
