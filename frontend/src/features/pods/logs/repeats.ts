import { sortableTime } from '@/graphql/instant';
import type { LogLine } from './log-buffer';

/**
 * Tells the lines that a resumed log sends once more from those that are new. A time alone does not: several lines may
 * share one, and the two outputs of a container may be a little out of order.
 */
export class Repeats {
  /** Whether any line came once more: if none did, lines between the two connections are missing. */
  found = false;
  private readonly remaining = new Map<string, number>();
  private readonly oldest: string | null;

  /** `held` are the lines received so far, the oldest of which may have been dropped already. */
  constructor(held: readonly LogLine[]) {
    for (const line of held) this.remaining.set(keyOf(line), (this.remaining.get(keyOf(line)) ?? 0) + 1);
    const first = held.find(({ time }) => time !== null)?.time;
    this.oldest = first ? sortableTime(first) : null;
  }

  includes(line: LogLine): boolean {
    const key = keyOf(line);
    const count = this.remaining.get(key) ?? 0;
    const isHeld = count > 0;
    if (isHeld) this.remaining.set(key, count - 1);
    const isDropped = this.oldest !== null && line.time !== null && sortableTime(line.time) < this.oldest;
    this.found ||= isHeld || isDropped;
    return isHeld || isDropped;
  }
}

function keyOf({ time, line }: LogLine): string {
  return `${time ?? ''} ${line}`;
}
