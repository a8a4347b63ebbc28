import { isAlias, isMap, isNode, isScalar, isSeq, type Node, parseAllDocuments, type YAMLMap } from 'yaml';
import type { Json } from '../yaml/source';
import { childOf, isEither, resolve, type Schema, typeOf } from './schema';

/** What a schema does not allow, and where. */
export interface SchemaFault {
  from: number;
  to: number;
  code: 'unknownField' | 'missing' | 'wrongType' | 'notAllowed';
  /** The field, and what it has to be. */
  field: string;
  wanted: string;
}

/** More than these are of use to nobody. */
const MOST = 100;
/** What every object has, whatever its schema says. */
const OF_EVERY_OBJECT = new Set(['apiVersion', 'kind', 'metadata']);

export type SchemaOf = (apiVersion: string, kind: string) => Schema | null;

/** Compares each document with the schema of its kind. `masked`: a value that stands for one that is not shown. */
export function check(text: string, schemaOf: SchemaOf, masked: string): SchemaFault[] {
  const faults: SchemaFault[] = [];
  for (const document of parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false })) {
    const { contents } = document;
    if (!isMap(contents) || document.errors.length > 0) continue;
    const [apiVersion, kind] = [contents.get('apiVersion'), contents.get('kind')];
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') continue;
    const root = schemaOf(apiVersion, kind);
    if (root)
      walk(
        { node: contents, schema: resolve(root, root), field: '', isRoot: true },
        { root, masked, faults },
      );
  }
  return faults.slice(0, MOST);
}

interface Step {
  node: Node;
  schema: Schema | undefined;
  /** The name of the place, as the server writes it. */
  field: string;
  isRoot?: boolean;
}

interface Walk {
  root: Schema;
  masked: string;
  faults: SchemaFault[];
}

function walk(step: Step, all: Walk): void {
  const { node, schema } = step;
  if (!schema || all.faults.length >= MOST || isAlias(node)) return;
  if (isMap(node)) walkMap(node, { ...step, schema }, all);
  else if (isSeq(node)) {
    if (isOther(schema, 'array')) report(step, all, 'wrongType', typeOf(schema, all.root));
    else
      for (const [index, item] of node.items.entries()) {
        const of = childOf(schema, index, all.root);
        if (isNode(item)) walk({ node: item, schema: of, field: `${step.field}[${index}]` }, all);
      }
  } else if (isScalar(node)) checkScalar(node.value, { ...step, schema }, all);
}

function walkMap(node: YAMLMap, step: Step & { schema: Schema }, all: Walk): void {
  const { schema, field } = step;
  if (isOther(schema, 'object')) {
    report(step, all, 'wrongType', typeOf(schema, all.root));
    return;
  }
  const known = schema.properties ?? {};
  const isOpen =
    !schema.properties ||
    schema.additionalProperties !== undefined ||
    schema['x-kubernetes-preserve-unknown-fields'] === true;
  const isObject = step.isRoot || schema['x-kubernetes-embedded-resource'] === true;
  const there = new Set<string>();
  let hasMerge = false;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    hasMerge ||= name === '<<';
    there.add(name);
    const place = field ? `${field}.${name}` : name;
    const isKnown = Object.hasOwn(known, name) || isOpen || (isObject && OF_EVERY_OBJECT.has(name));
    if (!isKnown && name !== '<<') report({ node: key, field: place }, all, 'unknownField', '');
    else if (isNode(value)) walk({ node: value, schema: childOf(schema, name, all.root), field: place }, all);
  }
  if (hasMerge) return;
  for (const name of schema.required ?? []) {
    const first = node.items[0]?.key;
    const at = isNode(first) ? first : node;
    if (!there.has(name)) report({ node: at, field: field ? `${field}.${name}` : name }, all, 'missing', '');
  }
}

function checkScalar(value: unknown, step: Step & { schema: Schema }, all: Walk): void {
  const { schema } = step;
  // What is null is left out by the server, and a masked value stays what it was.
  if (value === null || value === all.masked || isEither(schema)) return;
  const is = typeof value === 'bigint' ? 'number' : typeof value;
  const wanted = schema.type;
  const isRight =
    wanted === undefined ||
    (wanted === 'integer' ? is === 'number' && Number.isInteger(Number(value)) : wanted === is);
  if (!isRight) report(step, all, 'wrongType', typeOf(schema, all.root));
  else if (schema.enum && !schema.enum.includes(value as Json))
    report(step, all, 'notAllowed', schema.enum.join(', '));
}

/** Whether a collection of this type cannot stand there. */
const isOther = (schema: Schema, type: 'array' | 'object') =>
  schema.type !== undefined && schema.type !== type && !isEither(schema);

function report(
  { node, field }: Pick<Step, 'node' | 'field'>,
  { faults }: Walk,
  code: SchemaFault['code'],
  wanted: string,
): void {
  const [from, to] = node.range ?? [0, 0];
  faults.push({ from, to, code, field, wanted });
}
