import { type Path, valueAt } from '@/ui/editor/yaml/nodes';
import type { Json } from '@/ui/editor/yaml/source';
import { type Kind, podLabelsPath, ruleOf, SELECTOR, specPath, templatePath } from './kinds';
import { type Manifest, placeOf } from './manifest';

/** A single value, labels, words or a list of items: what the form shows of a place. */
type Shape = 'value' | 'labels' | 'words' | { each: Fields } | Fields;
interface Fields {
  [key: string]: Shape;
}

const probe: Fields = {
  httpGet: { path: 'value', port: 'value' },
  tcpSocket: { port: 'value' },
  exec: { command: 'words' },
  initialDelaySeconds: 'value',
  periodSeconds: 'value',
  timeoutSeconds: 'value',
  failureThreshold: 'value',
};
const amounts: Fields = { cpu: 'value', memory: 'value' };
const key: Fields = { name: 'value', key: 'value' };

const container: Fields = {
  name: 'value',
  image: 'value',
  command: 'words',
  args: 'words',
  resources: { requests: amounts, limits: amounts },
  ports: { each: { name: 'value', containerPort: 'value', protocol: 'value' } },
  env: { each: { name: 'value', value: 'value', valueFrom: { configMapKeyRef: key, secretKeyRef: key } } },
  startupProbe: probe,
  readinessProbe: probe,
  livenessProbe: probe,
};

/** The fields of a manifest that the form does not show, named by their places. */
export function beyond({ kind, value }: Manifest): string[] {
  return rest(value, shapeOf(kind), []);
}

function shapeOf(kind: Kind): Fields {
  const { fields, hasSelector, ends } = ruleOf(kind);
  const places: [Path, Shape][] = [
    [['apiVersion'], 'value'],
    [['kind'], 'value'],
    [['metadata', 'name'], 'value'],
    [['metadata', 'namespace'], 'value'],
    [['metadata', 'labels'], 'labels'],
    [podLabelsPath(kind), 'labels'],
    [[...templatePath(kind), 'spec', 'containers'], { each: container }],
    ...fields.map((field): [Path, Shape] => [specPath(kind, field), 'value']),
  ];
  if (hasSelector) places.push([SELECTOR, 'labels']);
  if (ends) places.push([[...templatePath(kind), 'spec', 'restartPolicy'], 'value']);
  const shape: Fields = {};
  for (const [path, of] of places) {
    let at = shape;
    for (const word of path.slice(0, -1)) {
      at[word] ??= {};
      at = at[word] as Fields;
    }
    at[path.at(-1) as string] = of;
  }
  return shape;
}

function rest(value: Json | undefined, shape: Shape | undefined, path: Path): string[] {
  if (value === null || value === undefined) return [];
  if (shape === undefined || !fits(value, shape)) return [placeOf(path)];
  if (typeof shape === 'string') return [];
  return Object.keys(value).flatMap((word) => {
    const isItem = Array.isArray(value);
    const next = isItem ? Number(word) : word;
    const of = isItem ? (shape.each as Shape) : (shape as Fields)[word];
    return rest(valueAt(value, [next]), of, [...path, next]);
  });
}

function fits(value: Json, shape: Shape): boolean {
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value);
  const isValue = (one: Json | undefined) => one === null || typeof one !== 'object';
  if (shape === 'value') return isValue(value);
  if (shape === 'words') return Array.isArray(value) && value.every(isValue);
  if (shape === 'labels') return isMap && Object.values(value).every(isValue);
  return 'each' in shape ? Array.isArray(value) : isMap;
}
