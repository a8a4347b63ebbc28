type Pair = [number, number];

/** Above this, a comparison would be felt while typing. */
const MOST_CELLS = 4_000_000;

/** The longest common subsequence of two lists, as pairs of indexes. Empty in the middle where the lists are too long. */
export function align<Item>(
  a: readonly Item[],
  b: readonly Item[],
  isSame: (a: Item, b: Item) => boolean,
): Pair[] {
  const same = (i: number, j: number) => isSame(a[i] as Item, b[j] as Item);
  let start = 0;
  while (start < a.length && start < b.length && same(start, start)) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && same(a.length - 1 - end, b.length - 1 - end))
    end++;
  const head = Array.from({ length: start }, (_, index): Pair => [index, index]);
  const tail = Array.from(
    { length: end },
    (_, index): Pair => [a.length - end + index, b.length - end + index],
  );
  return [...head, ...middle(start, a.length - end, b.length - end, same), ...tail];
}

function middle(start: number, endA: number, endB: number, same: (i: number, j: number) => boolean): Pair[] {
  const width = endB - start + 1;
  if ((endA - start) * width > MOST_CELLS) return [];
  const lengths = new Uint32Array((endA - start + 1) * width);
  const at = (i: number, j: number) => (i - start) * width + (j - start);
  const length = (i: number, j: number) => lengths[at(i, j)] as number;
  for (let i = endA - 1; i >= start; i--) {
    for (let j = endB - 1; j >= start; j--) {
      lengths[at(i, j)] = same(i, j)
        ? length(i + 1, j + 1) + 1
        : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let i = start, j = start; i < endA && j < endB; ) {
    if (same(i, j)) pairs.push([i++, j++]);
    else if (length(i + 1, j) >= length(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/**
 * Carries a change over to a text that is formatted in its own way. `before` and `after` are what a formatter makes of
 * the text without and with the change: lines that are alike in both are taken from the text.
 */
export function carryOver(text: string, before: string, after: string): string {
  const lines = { text: text.split('\n'), before: before.split('\n'), after: after.split('\n') };
  const placeInText = new Map(
    align(lines.before, lines.text, (one, other) => one === other || bare([one]) === bare([other])),
  );
  const written: string[] = [];
  let copied = 0; // Lines of the text that stand in what is written, or were replaced.
  let taken = 0; // The same of `after`.
  const kept = align(lines.before, lines.after, (one, other) => one === other);
  const anchors = kept.filter(([one]) => placeInText.has(one));
  const ends: Pair = [lines.before.length, lines.after.length];
  let last = -1;
  for (const pair of [...anchors, ends]) {
    const [inBefore, inAfter] = pair;
    const place = placeInText.get(inBefore) ?? lines.text.length;
    written.push(
      ...carryPart(
        lines.text.slice(copied, place),
        lines.before.slice(last + 1, inBefore),
        lines.after.slice(taken, inAfter),
      ),
    );
    if (inBefore < lines.before.length) written.push(lines.text[place] as string);
    copied = place + 1;
    taken = inAfter + 1;
    last = inBefore;
  }
  return written.join('\n');
}

/** The lines between two that stay. Those at either end that do not change may be broken in another way in the text. */
function carryPart(text: string[], before: string[], after: string[]): string[] {
  const shared = (one: string[], other: string[]) => {
    const end = one.findIndex((line, index) => line !== other[index]);
    return end < 0 ? one.length : end;
  };
  const head = shared(before, after);
  if (head === before.length && head === after.length) return text;
  const [kept, rest] = matching(text, before.slice(0, head));
  const most = Math.min(before.length, after.length) - head;
  const tail = Math.min(shared(before.toReversed(), after.toReversed()), most);
  const [keptTail] = matching(rest.toReversed(), before.slice(before.length - tail).toReversed(), true);
  return [
    ...(kept ?? after.slice(0, head)),
    ...after.slice(head, after.length - tail),
    ...(keptTail?.toReversed() ?? after.slice(after.length - tail)),
  ];
}

/** The first lines of a text that say the same as other lines, however they are broken, and those after them. */
function matching(text: string[], lines: string[], isReversed = false): [string[] | null, string[]] {
  const inOrder = (some: string[]) => bare(isReversed ? some.toReversed() : some);
  const wanted = inOrder(lines);
  for (let length = text.length; length >= 0; length--) {
    if (inOrder(text.slice(0, length)) === wanted) return [text.slice(0, length), text.slice(length)];
  }
  return [null, text];
}

const bare = (lines: string[]) => lines.join('').replace(/\s+/g, '');
