import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const SOURCE = resolve(import.meta.dirname, '..');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.css'),
);

/** The classes that a text styles wherever they stand. */
function classesOf(text: string): string[] {
  const selectors = text.replace(/\/\*.*?\*\//gs, '').matchAll(/([^{};]+)\{/g);
  const single = [...selectors].flatMap(([, list = '']) => list.split(',').map((one) => one.trim()));
  return single.flatMap((selector) => /^\.([\w-]+)$/.exec(selector)?.[1] ?? []);
}

it('no two files style the same class: all pages share one sheet', () => {
  const places = new Map<string, Set<string>>();
  for (const file of files) {
    // The styles that everything uses are one sheet in several files.
    const place = dirname(file) === 'ui/styles' ? 'ui/styles' : file;
    for (const name of classesOf(readFileSync(join(SOURCE, file), 'utf8')))
      places.set(name, (places.get(name) ?? new Set()).add(place));
  }
  expect([...places].filter(([, found]) => found.size > 1).map(([name]) => name)).toEqual([]);
});

it('on a phone what one goes on with is as high as a thumb needs', () => {
  const phone = files.map((file) => phoneRulesOf(readFileSync(join(SOURCE, file), 'utf8'))).join('\n');
  const high = [...phone.matchAll(/([^{}]+)\{[^{}]*min-height: 44px/g)].map(([, selectors]) => selectors);
  const targets = ['form-actions', 'operation-actions', 'panel-head', 'neighbours', 'next-step-line'];
  const low = targets.filter((target) => !high.some((selectors) => selectors?.includes(`.${target}`)));
  expect(low).toEqual([]);
});

/** What stands in a sheet for narrow windows only. */
function phoneRulesOf(text: string): string {
  return [...text.matchAll(/@media \(max-width: 767px\) \{(.*?)\n\}/gs)].map(([, rules]) => rules).join('\n');
}
