import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { liveMark } from './resource-table';

it('a row is marked when it changed, and anew at each change', () => {
  expect(liveMark()).toBe('');
  expect(liveMark(1)).not.toBe('');
  expect(liveMark(2)).not.toBe(liveMark(1));
  expect(liveMark(3)).toBe(liveMark(1));
});

it('the mark is a bar for five seconds, and no change of the ground', () => {
  const css = readFileSync(join(import.meta.dirname, 'resource.css'), 'utf8');
  for (const changes of [1, 2]) {
    const name = liveMark(changes);
    expect(css).toMatch(new RegExp(`\\.${name} > :first-child \\{\\s+animation: ${name} 5s step-end;`));
    expect(css).toMatch(
      new RegExp(`@keyframes ${name} \\{\\s+from \\{\\s+box-shadow: inset 2px 0 [^;]+;\\s+\\}\\s+\\}`),
    );
  }
});
