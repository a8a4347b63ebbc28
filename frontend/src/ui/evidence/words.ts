/** Two texts as what they share at both ends, and the words between that changed. */
export interface Change {
  start: string;
  removed: string;
  added: string;
  end: string;
}

const words = (text: string) => text.match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_]/gu) ?? [];

export function changeOf(before: string, after: string): Change {
  const [old, now] = [words(before), words(after)];
  const most = Math.min(old.length, now.length);
  let first = 0;
  while (first < most && old[first] === now[first]) first += 1;
  let last = 0;
  while (last < most - first && old.at(-1 - last) === now.at(-1 - last)) last += 1;
  const between = (all: string[]) => all.slice(first, all.length - last).join('');
  return {
    start: old.slice(0, first).join(''),
    removed: between(old),
    added: between(now),
    end: last ? old.slice(-last).join('') : '',
  };
}
