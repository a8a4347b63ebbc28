import { useReducer, useRef } from 'react';

export interface HeldRows<Row> {
  rows: Row[];
  /** Rows that would be added, taken away or moved. */
  changes: number;
  /** The ids of rows that are still shown but no longer in the list. */
  gone: ReadonlySet<string>;
}

/** The rows that are shown, in their order, with what is known of them now. */
export function holdOrder<Row>(
  shown: readonly Row[],
  now: readonly Row[],
  idOf: (row: Row) => string,
): HeldRows<Row> {
  const places = new Map(now.map((row, index) => [idOf(row), index]));
  const kept = shown.flatMap((row) => places.get(idOf(row)) ?? []);
  const gone = new Set(shown.map(idOf).filter((id) => !places.has(id)));
  const rows = shown.map((row) => now[places.get(idOf(row)) ?? -1] ?? row);
  const moved = kept.length - longestRise(kept);
  return { rows, changes: now.length - kept.length + gone.size + moved, gone };
}

/** How many of the numbers are in order already: the length of the longest subsequence that rises. */
function longestRise(numbers: readonly number[]): number {
  /** The least end of a rise of each length. */
  const ends: number[] = [];
  for (const number of numbers) {
    const at = ends.findIndex((end) => end >= number);
    ends[at < 0 ? ends.length : at] = number;
  }
  return ends.length;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Keeps the rows in their places while the reader is busy with them. `of` names the list and its page: another one is
 * shown at once.
 */
export function useHeldOrder<Row>(
  now: Row[] | undefined,
  of: string,
  isHeld: boolean,
  idOf: (row: Row) => string,
) {
  const held = useRef<{ of: string; rows: Row[] } | null>(null);
  const [, render] = useReducer((count: number) => count + 1, 0);
  const show = () => {
    held.current = null;
    render();
  };
  if (!now || !isHeld || held.current?.of !== of) {
    held.current = now ? { of, rows: now } : null;
    return { rows: now, changes: 0, gone: NONE, show };
  }
  const result = holdOrder(held.current.rows, now, idOf);
  held.current.rows = result.rows;
  return { ...result, show };
}
