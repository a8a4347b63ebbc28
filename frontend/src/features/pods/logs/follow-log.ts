import { PodLogDocument, type PodLogInput } from '@/graphql/generated/graphql';
import { stream } from '@/graphql/stream';
import { LogBuffer } from './log-buffer';
import { Repeats } from './repeats';

/** The most lines that the server sends of the past. */
const MOST_LINES = 10_000;

/**
 * Follows the log of one container. After a lost connection it goes on where it was: no line is shown twice, and where
 * lines are missing there is a mark.
 */
export function followLog(input: PodLogInput): { buffer: LogBuffer; stop: () => void } {
  const buffer = new LogBuffer();
  let repeats: Repeats | null = null;
  const stop = stream({
    document: PodLogDocument,
    variables: () => {
      const held = buffer.lines();
      repeats = held.length > 0 ? new Repeats(held) : null;
      return { input: repeats ? resumed(input) : input };
    },
    next: ({ podLog }) => {
      if (repeats?.includes(podLog)) return;
      if (repeats && !repeats.found) buffer.mark('gap');
      // Once marked, the gap is not marked again.
      if (repeats) repeats.found = true;
      buffer.push(podLog);
    },
    failed: (error) => buffer.fail(error),
    ended: () => buffer.end(),
  });
  return { buffer, stop };
}

/**
 * What is read after an interruption: all lines that the server still sends, because its schema has no `sinceTime` yet.
 * With it, the lines since the time of the last one are enough. `sinceSeconds` is not: it is counted from now, and the
 * clock of the browser says nothing about the times of the server.
 */
function resumed(input: PodLogInput): PodLogInput {
  return { ...input, tailLines: MOST_LINES };
}
