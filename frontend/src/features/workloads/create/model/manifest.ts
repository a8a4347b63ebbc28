import { type Path, valueAt } from '@/ui/editor/yaml/nodes';
import { isReadable, open, type Source, type Unreadable } from '@/ui/editor/yaml/source';
import { isKind, type Kind } from './kinds';

/** A manifest that the form can show. */
export interface Manifest extends Source {
  kind: Kind;
}

export const LABEL = 'app.kubernetes.io/name';

/** What the form begins with. */
export const starter = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ""
  namespace: default
  labels:
    ${LABEL}: ""
spec:
  replicas: 1
  selector:
    matchLabels:
      ${LABEL}: ""
  template:
    metadata:
      labels:
        ${LABEL}: ""
    spec:
      containers:
        - name: main
          image: ""
`;

export function read(text: string): Manifest | Unreadable {
  const source = open(text);
  if (!isReadable(source)) return source;
  const { kind } = source.value;
  return isKind(kind) ? { ...source, kind } : { why: 'kind', kind: textOf(kind) };
}

/** What stands in a field: any single value as it is typed, nothing for what the form cannot show. */
export function textAt({ value }: Pick<Source, 'value'>, path: Path): string {
  return textOf(valueAt(value, path));
}

export function textOf(value: unknown): string {
  return value === null || value === undefined || typeof value === 'object' ? '' : String(value);
}

export function listAt({ value }: Pick<Source, 'value'>, path: Path) {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}

/** The name of a place as the server writes it: `spec.template.spec.containers[0].image`. */
export function placeOf(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .slice(1);
}

/** A text with nothing but comments in it, and a manifest to begin with. */
export function begin(text: string): string {
  const isEmpty = text.split('\n').every((line) => /^\s*(#.*|---\s*)?$/.test(line));
  return isEmpty ? [text.trimEnd(), starter].filter(Boolean).join('\n') : text;
}
