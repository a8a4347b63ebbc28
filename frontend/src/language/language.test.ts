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
