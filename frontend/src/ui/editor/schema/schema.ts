import type { Path } from '../yaml/nodes';
import type { Json } from '../yaml/source';

/** A JSON schema as a cluster publishes it. References point into its root, and may lead in circles. */
export interface Schema {
  $ref?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  type?: string;
  format?: string;
  description?: string;
  default?: Json;
  enum?: Json[];
  required?: string[];
  nullable?: boolean;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  definitions?: Record<string, Schema>;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
}

/** More references than these, one after the other, lead in a circle. */
const MOST_REFERENCES = 20;

/** A schema with what its references say. Its own words come first: they are about this place. */
export function resolve(schema: Schema | undefined, root: Schema): Schema | undefined {
  let found = schema;
  for (let followed = 0; found; followed++) {
    if (followed === MOST_REFERENCES) return undefined;
    const [only, ...others] = found.allOf ?? [];
    const referred: Schema | undefined =
      found.$ref !== undefined ? pointed(root, found.$ref) : others.length === 0 ? only : undefined;
    if (!referred) return found;
    const { $ref: _, allOf: __, ...own } = found;
    found = { ...referred, ...own };
  }
  return undefined;
}

function pointed(root: Schema, reference: string): Schema {
  if (!reference.startsWith('#/')) return {};
  let found: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decoded(part);
    found = found !== null && typeof found === 'object' ? (found as Record<string, unknown>)[key] : undefined;
  }
  return found !== null && typeof found === 'object' ? (found as Schema) : {};
}

const decoded = (part: string) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');

/** The schema of a field of an object, or of an item of a list. */
export function childOf(schema: Schema, key: string | number, root: Schema): Schema | undefined {
  if (typeof key === 'number') return resolve(schema.items, root);
  const own = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
  const others = schema.additionalProperties;
  return resolve(own ?? (typeof others === 'object' ? others : undefined), root);
}

/** The schema of a place; undefined where nothing is known of it. */
export function schemaAt(root: Schema, path: Path): Schema | undefined {
  let found = resolve(root, root);
  for (const key of path) {
    if (!found) return undefined;
    found = childOf(found, key, root);
  }
  return found;
}

/** What one can write at a place. */
export interface Field {
  name: string;
  schema: Schema;
  isRequired: boolean;
}

/** The fields of an object, those that must be there first. */
export function fieldsOf(schema: Schema, root: Schema): Field[] {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(([name, own]) => ({
    name,
    schema: resolve(own, root) ?? own,
    isRequired: required.has(name),
  }));
  return fields.sort((one, other) => Number(other.isRequired) - Number(one.isRequired));
}

/** Whether it is a number or a text, as ports and quantities are. */
export const isEither = (schema: Schema) =>
  schema['x-kubernetes-int-or-string'] === true ||
  schema.format === 'int-or-string' ||
  [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].length > 0;

/** The type as the documentation of Kubernetes writes it: []Container would need its name, so the items' type stands there. */
export function typeOf(schema: Schema, root: Schema): string {
  if (isEither(schema)) return 'integer | string';
  if (schema.type !== 'array') return schema.type ?? 'object';
  const items = resolve(schema.items, root);
  return `${items ? typeOf(items, root) : 'object'}[]`;
}
