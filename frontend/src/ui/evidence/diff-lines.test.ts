import { expect, it } from 'vitest';
import { diffLines, folded, type Line } from './diff-lines';

const signs: Record<Line['kind'], string> = { same: ' ', removed: '-', added: '+' };
const written = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => signs[kind] + text);

it.each([
  ['a b c', 'a b c', ' a, b, c'],
  ['a b c', 'a x c', ' a,-b,+x, c'],
  ['a c', 'a b c', ' a,+b, c'],
  ['a b c', 'a c', ' a,-b, c'],
  ['a b c a b b a', 'c b a b a c', '-a,-b, c,+b, a, b,-b, a,+c'],
  ['', 'a b', '+a,+b'],
  ['a', '', '-a'],
  ['', '', ''],
])('the lines %s become %s', (before, after, lines) => {
  const text = (words: string) => (words ? `${words.replaceAll(' ', '\n')}\n` : '');
  expect(written(text(before), text(after)).join()).toBe(lines);
});

it('both texts can be read from it, however much they differ', () => {
  const [before, after] = [0, 7].map((shift) =>
    Array.from({ length: 3_000 }, (_, line) => `line ${(line * 31 + shift) % 101} ${line % (shift + 3)}`),
  ) as [string[], string[]];
  const lines = diffLines(before.join('\n'), after.join('\n'));
  const of = (kind: Line['kind']) => lines.filter((line) => line.kind !== kind).map(({ text }) => text);
  expect(of('added')).toEqual(before);
  expect(of('removed')).toEqual(after);
});

it('what is far from any difference is put together', () => {
  const old = Array.from({ length: 20 }, (_, line) => String(line));
  const now = old.map((line) => (line === '10' ? 'x' : line));
  const shown = folded(diffLines(old.join('\n'), now.join('\n'))).map((part) =>
    part.kind === 'skipped' ? part.lines.length : signs[part.kind] + part.text,
  );
  expect(shown).toEqual([7, ' 7', ' 8', ' 9', '-10', '+x', ' 11', ' 12', ' 13', 6]);
  expect(folded(diffLines('a\nb', 'a\nb'))).toEqual([{ kind: 'skipped', lines: expect.any(Array) }]);
});
