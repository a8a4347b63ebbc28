import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import en from './en.json';
import zh from './zh-CN.json';

it('both catalogues have the same keys', () => {
  expect(paths(zh).sort()).toEqual(paths(en).sort());
});

it('both catalogues fill in the same values', () => {
  const inEnglish = placeholders(en);
  for (const [path, names] of placeholders(zh)) expect([path, names]).toEqual([path, inEnglish.get(path)]);
});

it('the catalogues use the words of Kubernetes and HTTP', () => {
  const privateWords = /\b(wish|told|news|seen|noun|gate|judged?|sight|apart|ask(ed)? again)\b|心愿|愿望/i;
  const found = [...entries(en), ...entries(zh)].filter(([, text]) => privateWords.test(text));
  expect(found).toEqual([]);
});

it('every text is used', () => {
  const named = namesInSource();
  // i18next chooses among these by the count.
  const unused = paths(en).filter((path) => !named(path.replace(/_(zero|one|other)$/, '')));
  expect(unused).toEqual([]);
});

/** Whether the source names a key: in whole, by a template, or by the part of the catalogue that it is a word of. */
function namesInSource() {
  const source = resolve(import.meta.dirname, '..');
  const text = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|\/generated\/|^app\/components\//.test(file))
    .map((file) => readFileSync(join(source, file), 'utf8'))
    .join('\n');
  const found = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, part]) => part ?? '');
  const whole = new Set(found(/'([\w-]+(?:\.[\w-]+)+)'/g));
  const lists = new Set(found(/(?:serverWord\(\s*t,|words:)\s*'(\w+)'/g));
  const templates = found(/`(\w+\.(?:[\w.-]|\$\{[^}]*\})*\$\{[^`]*)`/g).map(
    (template) => new RegExp(`^${template.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '[^.]+')}$`),
  );
  return (path: string) =>
    whole.has(path) ||
    lists.has(path.split('.')[0] ?? '') ||
    templates.some((template) => template.test(path));
}

function entries(tree: object, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : entries(value, `${prefix}${key}.`),
  );
}

function paths(tree: object): string[] {
  return entries(tree).map(([path]) => path);
}

function placeholders(tree: object): Map<string, string[]> {
  return new Map(
    entries(tree).map(([path, text]) => [
      path,
      [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name ?? '').sort(),
    ]),
  );
}
