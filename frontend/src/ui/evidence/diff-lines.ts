/** A line of two texts: in both, only in the old one, or only in the new one. */
export interface Line {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Lines that are the same, with how many there are: too many to show. */
export interface Skipped {
  kind: 'skipped';
  lines: Line[];
}

/** More differences than these are shown as a whole: to find the fewest takes the square of their number. */
const MOST_STEPS = 1_000;
/** Lines that are shown around a difference. */
const AROUND = 3;

/** Two texts line by line, with as few differences as there can be (Myers, 1986). */
export function diffLines(before: string, after: string): Line[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const most = Math.min(old.length, now.length);
  let first = 0;
  while (first < most && old[first] === now[first]) first += 1;
  let last = 0;
  while (last < most - first && old.at(-1 - last) === now.at(-1 - last)) last += 1;
  return [
    ...as('same', old.slice(0, first)),
    ...between(old.slice(first, old.length - last), now.slice(first, now.length - last)),
    ...as('same', last ? old.slice(-last) : []),
  ];
}

/** What a manifest ends in is no line. */
const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

const as = (kind: Line['kind'], lines: readonly string[]): Line[] => lines.map((text) => ({ kind, text }));

function between(old: readonly string[], now: readonly string[]): Line[] {
  const steps = old.length && now.length ? stepsOf(old, now) : null;
  return steps ? walked(old, now, steps) : [...as('removed', old), ...as('added', now)];
}

/** How far one gets on each diagonal with each number of differences; null where there are too many. */
function stepsOf(old: readonly string[], now: readonly string[]): Map<number, number>[] | null {
  const steps: Map<number, number>[] = [];
  let reached = new Map([[1, 0]]);
  for (let differences = 0; differences <= MOST_STEPS; differences++) {
    const next = new Map<number, number>();
    steps.push(reached);
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      const isAdded = isDown(reached, diagonal, differences);
      let x = isAdded ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return steps;
    }
    reached = next;
  }
  return null;
}

/** A diagonal that was not reached lies before all others. */
const at = (reached: ReadonlyMap<number, number>, diagonal: number) => reached.get(diagonal) ?? -1;

/** Whether the next difference is an added line, not a removed one. */
const isDown = (reached: ReadonlyMap<number, number>, diagonal: number, differences: number) =>
  diagonal === -differences ||
  (diagonal !== differences && at(reached, diagonal - 1) < at(reached, diagonal + 1));

/** The lines along the way, which is found from its end. */
function walked(
  old: readonly string[],
  now: readonly string[],
  steps: readonly ReadonlyMap<number, number>[],
): Line[] {
  const lines: Line[] = [];
  let [x, y] = [old.length, now.length];
  for (let differences = steps.length - 1; differences >= 0; differences--) {
    const reached = steps[differences] ?? new Map<number, number>();
    const diagonal = x - y;
    const isAdded = isDown(reached, diagonal, differences);
    const fromX = at(reached, isAdded ? diagonal + 1 : diagonal - 1);
    const fromY = fromX - (isAdded ? diagonal + 1 : diagonal - 1);
    while (x > fromX && y > fromY && x > 0 && y > 0 && old[x - 1] === now[y - 1]) {
      lines.push({ kind: 'same', text: old[x - 1] ?? '' });
      x -= 1;
      y -= 1;
    }
    if (differences > 0) {
      if (isAdded) lines.push({ kind: 'added', text: now[fromY] ?? '' });
      else lines.push({ kind: 'removed', text: old[fromX] ?? '' });
      [x, y] = [fromX, fromY];
    }
  }
  return lines.reverse();
}

/** The same with what is far from every difference put together. */
export function folded(lines: readonly Line[]): (Line | Skipped)[] {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== 'same'),
  );
  const shown: (Line | Skipped)[] = [];
  lines.forEach((line, index) => {
    const last = shown.at(-1);
    if (isNear[index]) shown.push(line);
    else if (last?.kind === 'skipped') last.lines.push(line);
    else shown.push({ kind: 'skipped', lines: [line] });
  });
  return shown;
}
