import type { PodLogInput } from '@/graphql/generated/graphql';
import { PodLogDocument } from '@/graphql/generated/graphql';
import { stream } from '@/graphql/stream';
import { LogBuffer } from './log-buffer';

/** What the server gives at once at most. */
const MOST_LINES = 10_000;

/** Follows one container's log; after a loss it goes on from the last line, without showing a line twice. */
export function followLog(input: PodLogInput): { buffer: LogBuffer; stop: () => void } {
  const buffer = new LogBuffer();
  let skipUntil: string | null = null;
  const stop = stream({
    document: PodLogDocument,
    variables: () => {
      skipUntil = buffer.lastTime;
      if (!skipUntil) return { input };
      const sinceSeconds = Math.ceil((Date.now() - Date.parse(skipUntil)) / 1_000) + 1;
      return { input: { ...input, tailLines: MOST_LINES, sinceSeconds } };
    },
    next: ({ podLog }) => {
      if (skipUntil && podLog.time && !isLater(podLog.time, skipUntil)) return;
      buffer.push(podLog);
    },
    failed: (error) => buffer.fail(error),
    ended: () => buffer.end(),
  });
  return { buffer, stop };
}

// Kubernetes stamps nanoseconds, a Date holds milliseconds: equal ones are told apart by their digits.
export function isLater(time: string, other: string): boolean {
  const difference = Date.parse(time) - Date.parse(other);
  return difference === 0 ? digits(time) > digits(other) : difference > 0;
}

function digits(time: string): string {
  return (/\.(\d+)/.exec(time)?.[1] ?? '').padEnd(9, '0');
}
