import { PodLogDocument, type PodLogInput } from '@/graphql/generated/graphql';
import { stream } from '@/graphql/stream';
import { LogBuffer, type LogLine } from './log-buffer';
import { Repeats } from './repeats';

/** The most lines that the server sends of the past. */
const MOST_LINES = 10_000;
/** How far a line may be stamped before one that came earlier. */
const DISORDER_MS = 1_000;

/**
 * Follows the log of one container. After a lost connection it goes on where it was: no line is shown twice, and where
 * lines may be missing or the container restarted there is a mark.
 */
export function followLog(input: PodLogInput): { buffer: LogBuffer; stop: () => void } {
  const buffer = new LogBuffer();
  let repeats: Repeats | null = null;
  const stop = stream({
    document: PodLogDocument,
    variables: () => {
      const held = buffer.lines();
      repeats = held.length > 0 ? new Repeats(held) : null;
      return { input: repeats ? resumed(input, held) : input };
    },
    next: ({ podLog }) => {
      if (repeats?.includes(podLog)) return;
      if (repeats && !repeats.found) buffer.mark('gap');
      // Once marked, the gap is not marked again.
      if (repeats) repeats.found = true;
      if (podLog.restarted) buffer.mark('restart');
      buffer.push(podLog);
    },
    failed: (error) => buffer.fail(error),
    ended: () => buffer.end(),
  });
  return { buffer, stop };
}

/** What is read after an interruption: the lines since the last one, by the times of the server alone. */
function resumed(input: PodLogInput, held: LogLine[]): PodLogInput {
  const times = held.flatMap(({ time }) => (time ? [Date.parse(time)] : []));
  if (times.length === 0) return { ...input, tailLines: MOST_LINES };
  const newest = Math.max(...times);
  return { ...input, sinceTime: new Date(newest - DISORDER_MS).toISOString() };
}
