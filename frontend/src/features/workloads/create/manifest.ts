import { Document, isMap, parseAllDocuments } from 'yaml';
import { joinWords, splitWords } from './model/words';

/** What was typed, right or wrong. */
export interface Fields {
  name: string;
  namespace: string;
  image: string;
  replicas: string;
  command: string;
  port: string;
  /** One NAME=value a line. */
  env: string;
}

export const emptyFields: Fields = {
  name: '',
  namespace: 'default',
  image: '',
  replicas: '1',
  command: '',
  port: '',
  env: '',
};

const LABEL = 'app.kubernetes.io/name';
const CONTAINER = ['spec', 'template', 'spec', 'containers', 0];
const LABELS = [
  ['metadata', 'labels', LABEL],
  ['spec', 'selector', 'matchLabels', LABEL],
  ['spec', 'template', 'metadata', 'labels', LABEL],
];

type Entry = { name: string; value?: string };

/** Writes the form into a manifest. What the form does not know, comments included, stays as it was. */
export function writeFields(fields: Fields, text: string): string {
  const document = text.trim() ? single(text) : null;
  const manifest = document ?? new Document({ apiVersion: 'apps/v1', kind: 'Deployment' });
  const before = manifest.getIn(['metadata', 'name']);
  const set = (path: (string | number)[], value: unknown) => {
    const now = manifest.getIn(path);
    const plain =
      now && typeof now === 'object' && 'toJSON' in now ? (now as { toJSON: () => unknown }).toJSON() : now;
    if (JSON.stringify(plain) === JSON.stringify(value)) return;
    if (value === undefined) manifest.deleteIn(path);
    else manifest.setIn(path, typeof value === 'object' ? manifest.createNode(value) : value);
  };

  set(['metadata', 'name'], fields.name);
  set(['metadata', 'namespace'], fields.namespace);
  set(['spec', 'replicas'], scalar(fields.replicas));
  // A label that carries the old name follows the new one; a label of the user's own is left alone.
  for (const path of LABELS) {
    const label = manifest.getIn(path);
    if (document ? label === before && before !== undefined : true) set(path, fields.name);
  }
  if (!manifest.hasIn(CONTAINER)) {
    manifest.setIn(
      ['spec', 'template', 'spec', 'containers'],
      manifest.createNode([{ name: fields.name || 'main' }]),
    );
  } else if (before !== undefined && manifest.getIn([...CONTAINER, 'name']) === before) {
    set([...CONTAINER, 'name'], fields.name || 'main');
  }
  set([...CONTAINER, 'image'], fields.image);
  const words = splitWords(fields.command);
  set([...CONTAINER, 'command'], words.length > 0 ? words : undefined);
  set([...CONTAINER, 'ports', 0, 'containerPort'], scalar(fields.port));
  if (!fields.port.trim()) dropEmptyPort();
  const foreign = entries(manifest).filter(({ value }) => value === undefined);
  const env = [...parseEnv(fields.env), ...foreign];
  set([...CONTAINER, 'env'], env.length > 0 ? env : undefined);
  return manifest.toString({ lineWidth: 0 });

  function dropEmptyPort() {
    const port = manifest.getIn([...CONTAINER, 'ports', 0]);
    const ports = manifest.getIn([...CONTAINER, 'ports']) as { items?: unknown[] } | undefined;
    if (isMap(port) && port.items.length === 0) manifest.deleteIn([...CONTAINER, 'ports', 0]);
    if (ports?.items?.length === 0) manifest.deleteIn([...CONTAINER, 'ports']);
  }
}

/** Reads the form out of a manifest; null when it is not one Deployment, which the form cannot show. */
export function readFields(text: string): Fields | null {
  if (!text.trim()) return emptyFields;
  const manifest = single(text);
  if (manifest?.get('kind') !== 'Deployment') return null;
  const at = (path: (string | number)[], fallback: string): string => {
    const value = manifest.getIn(path) ?? fallback;
    return typeof value === 'object' ? fallback : String(value);
  };
  const command = manifest.getIn([...CONTAINER, 'command']);
  const words =
    command && typeof command === 'object'
      ? ((command as { toJSON: () => unknown }).toJSON() as unknown)
      : [];
  return {
    name: at(['metadata', 'name'], ''),
    namespace: at(['metadata', 'namespace'], 'default'),
    image: at([...CONTAINER, 'image'], ''),
    replicas: at(['spec', 'replicas'], '1'),
    command: Array.isArray(words) ? joinWords(words.map(String)) : '',
    port: at([...CONTAINER, 'ports', 0, 'containerPort'], ''),
    env: entries(manifest)
      .filter(({ value }) => value !== undefined)
      .map(({ name, value }) => `${name}=${value}`)
      .join('\n'),
  };
}

function single(text: string): Document | null {
  const documents = parseAllDocuments(text);
  const [document] = documents;
  return documents.length === 1 && document && document.errors.length === 0 && isMap(document.contents)
    ? document
    : null;
}

/** A number where one was typed. Anything else is written as it is: the server's refusal then names it. */
function scalar(text: string): number | string | undefined {
  const word = text.trim();
  return /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word || undefined;
}

function entries(manifest: Document): Entry[] {
  const env = manifest.getIn([...CONTAINER, 'env']);
  return env && typeof env === 'object' ? ((env as { toJSON: () => Entry[] }).toJSON() ?? []) : [];
}

function parseEnv(text: string): Entry[] {
  return text
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => {
      const [name = '', ...value] = line.split('=');
      return { name: name.trim(), value: value.join('=') };
    });
}
