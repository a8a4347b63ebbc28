import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const SOURCE = resolve(import.meta.dirname, '..');
/** Each may use those before it. Those before `features` are mechanism. */
const LAYERS = [
  'graphql',
  'ui',
  'language',
  'session',
  'resource',
  'features',
  'store',
  'shell',
  'app',
  'instrumentation-client',
];
const MECHANISM = LAYERS.slice(0, LAYERS.indexOf('features'));

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|\.d\.ts$|^test\/|\/generated\//.test(file),
);

interface Import {
  from: string;
  to: string;
  names: string[];
}

const imports = files.flatMap((from): Import[] => {
  const text = readFileSync(join(SOURCE, from), 'utf8');
  const found = text.matchAll(/(?:(?:import|export)\s(?<names>[^;']*)from\s*|import\(\s*)'(?<to>[^']+)'/g);
  return [...found].flatMap(({ groups }) => {
    const to = groups?.to ?? '';
    if (!to.startsWith('@/') && !to.startsWith('.')) return [];
    const path = to.startsWith('@/') ? to.slice(2) : relative(SOURCE, resolve(SOURCE, dirname(from), to));
    return [{ from, to: path, names: groups?.names?.match(/\w+/g) ?? [] }];
  });
});

const layerOf = (path: string) => path.split('/')[0]?.replace(/\.tsx?$/, '') ?? '';
const featureOf = (path: string) => (layerOf(path) === 'features' ? path.split('/')[1] : undefined);

it('every file belongs to a layer', () => {
  expect(files.filter((file) => !LAYERS.includes(layerOf(file)))).toEqual([]);
});

it('a module imports only from its own layer and those below', () => {
  const upwards = imports.filter(
    ({ from, to }) => LAYERS.indexOf(layerOf(to)) > LAYERS.indexOf(layerOf(from)),
  );
  expect(upwards.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

it('features do not import each other in a circle', () => {
  const uses = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [user, used] = [featureOf(from), featureOf(to)];
    if (user && used && user !== used) uses.set(user, (uses.get(user) ?? new Set()).add(used));
  }
  const circle = (feature: string, path: string[]): string[] | undefined => {
    if (path.includes(feature)) return [...path, feature];
    return [...(uses.get(feature) ?? [])].map((used) => circle(used, [...path, feature])).find(Boolean);
  };
  expect([...uses.keys()].map((feature) => circle(feature, [])).find(Boolean)).toBeUndefined();
});

it('mechanism imports no generated type of a feature', () => {
  const features = [...new Set(files.map(featureOf).filter((name) => name !== undefined))];
  const ofFeature = new RegExp(`^(${features.map((name) => name.replace(/s$/, '')).join('|')})`, 'i');
  const imported = imports
    .filter(({ from, to }) => MECHANISM.includes(layerOf(from)) && to.endsWith('generated/graphql'))
    .flatMap(({ from, names }) =>
      names.filter((name) => ofFeature.test(name)).map((name) => `${from}: ${name}`),
    );
  expect(imported).toEqual([]);
});
