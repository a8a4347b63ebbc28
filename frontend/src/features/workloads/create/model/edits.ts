import type { Document, YAMLMap } from 'yaml';
import {
  addEntry,
  append,
  entriesOf,
  own,
  type Path,
  remove,
  removeEntry,
  set,
  setEntry,
  valueAt,
} from '@/ui/editor/yaml/nodes';
import type { Json } from '@/ui/editor/yaml/source';
import {
  containersPath,
  isKind,
  type Kind,
  podLabelsPath,
  ruleOf,
  SELECTOR,
  type SpecField,
  specPath,
  templatePath,
} from './kinds';
import { LABEL, textOf } from './manifest';

export type Change = (document: Document) => void;

const valueIn = (document: Document, path: Path) => valueAt(document.toJS(), path);

/** A field of text: nothing typed means that it is not there. */
export const setText =
  (path: Path, text: string): Change =>
  (document) =>
    text === '' ? remove(document, path) : set(document, path, text);

/** A field of text that must be there. */
export const setRequired =
  (path: Path, text: string): Change =>
  (document) =>
    set(document, path, text);

/** A number as far as one was typed. Anything else is written as it is: its check names it. */
const numberOf = (text: string): Json => (String(Number(text)) === text ? Number(text) : text);

export const setNumber =
  (path: Path, text: string): Change =>
  (document) =>
    text.trim() === '' ? remove(document, path) : set(document, path, numberOf(text.trim()));

/** A port, which may be a number or a name, and must be there. */
export const setPort =
  (path: Path, text: string): Change =>
  (document) =>
    set(document, path, numberOf(text.trim()));

/** A list of words, such as a command. */
export const setWords =
  (path: Path, words: string[]): Change =>
  (document) => {
    const before = valueIn(document, path);
    const now = Array.isArray(before) ? before : [];
    for (const [index, word] of words.entries()) {
      if (index >= now.length) append(document, path, word);
      else if (now[index] !== word) set(document, [...path, index], word);
    }
    for (let index = now.length - 1; index >= words.length; index--) remove(document, [...path, index]);
  };

/** A list of words that must be there. */
export const setRequiredWords =
  (path: Path, words: string[]): Change =>
  (document) =>
    words.length > 0 ? setWords(path, words)(document) : set(document, path, []);

/** A label may be shorter than a name. */
const labelOf = (name: string) => name.slice(0, 63).replace(/[^A-Za-z0-9]+$/, '');
const containerOf = (name: string) => labelOf(name).replaceAll('.', '-') || 'main';

/** A new name. The container and the labels that carried the old one follow; those with a value of their own do not. */
export const setName =
  (kind: Kind, name: string): Change =>
  (document) => {
    const before = textOf(valueIn(document, ['metadata', 'name']));
    set(document, ['metadata', 'name'], name);
    for (const labels of [['metadata', 'labels'], SELECTOR, podLabelsPath(kind)]) {
      const path = [...labels, LABEL];
      const label = valueIn(document, path);
      if (label !== undefined && label === labelOf(before)) set(document, path, labelOf(name));
    }
    const container = [...containersPath(kind), 0, 'name'];
    if (valueIn(document, container) === containerOf(before)) set(document, container, containerOf(name));
  };

/** A label of the pods. The selector follows where it asks for the label as it was. */
export const setPodLabel =
  (kind: Kind, index: number, entry: { key?: string; value?: string }): Change =>
  (document) => {
    const selected = selectedBy(document, kind, index);
    setEntry(document, podLabelsPath(kind), index, entry);
    if (selected >= 0) setEntry(document, SELECTOR, selected, entry);
  };

export const removePodLabel =
  (kind: Kind, index: number): Change =>
  (document) => {
    const selected = selectedBy(document, kind, index);
    removeEntry(document, podLabelsPath(kind), index);
    if (selected >= 0) removeEntry(document, SELECTOR, selected);
  };

/** Where the selector asks for a label of the pods; -1 where it does not. */
function selectedBy(document: Document, kind: Kind, index: number): number {
  const source = { document, value: document.toJS() };
  const [key, value] = entriesOf(source, podLabelsPath(kind))[index] ?? [];
  const selector = ruleOf(kind).hasSelector ? entriesOf(source, SELECTOR) : [];
  return selector.findIndex((one) => one[0] === key && one[1] === value);
}

export const addContainer =
  (kind: Kind): Change =>
  (document) => {
    const names = new Set(
      (valueIn(document, containersPath(kind)) as Json[] | undefined)?.map((one) =>
        textOf(valueAt(one, ['name'])),
      ),
    );
    let number = 2;
    while (names.has(`container-${number}`)) number++;
    append(document, containersPath(kind), { name: `container-${number}`, image: '' });
  };

export type ProbeHandler = 'httpGet' | 'tcpSocket' | 'exec';
export const handlers: readonly ProbeHandler[] = ['httpGet', 'tcpSocket', 'exec'];

/** How a probe asks. Its times stay. */
export const setHandler =
  (probe: Path, handler: ProbeHandler | null): Change =>
  (document) => {
    if (handler === null) {
      remove(document, probe);
      return;
    }
    const container = valueIn(document, probe.slice(0, -1));
    const port = valueAt(container, ['ports', 0, 'containerPort']) ?? '';
    const first = { httpGet: { path: '/', port }, tcpSocket: { port }, exec: { command: [] } };
    for (const other of [...handlers, 'grpc']) {
      if (other !== handler) remove(document, [...probe, other]);
    }
    set(document, [...probe, handler], first[handler]);
  };

export type EnvSource = 'value' | 'configMapKeyRef' | 'secretKeyRef';

/** Where the value of a variable comes from. */
export const setEnvSource =
  (variable: Path, source: EnvSource): Change =>
  (document) => {
    remove(document, [...variable, source === 'value' ? 'valueFrom' : 'value']);
    if (source === 'value') set(document, [...variable, 'value'], '');
    else set(document, [...variable, 'valueFrom'], { [source]: { name: '', key: '' } });
  };

const CRON_JOB_ONLY = [
  'schedule',
  'timeZone',
  'concurrencyPolicy',
  'suspend',
  'startingDeadlineSeconds',
  'successfulJobsHistoryLimit',
  'failedJobsHistoryLimit',
];
const ALL_FIELDS: readonly SpecField[] = [
  'replicas',
  'serviceName',
  'schedule',
  'timeZone',
  'concurrencyPolicy',
  'completions',
  'parallelism',
  'backoffLimit',
];

/** Another kind with the same pods. Fields of the form that it does not have go; those the form does not know stay. */
export const setKind =
  (to: Kind): Change =>
  (document) => {
    const from = valueIn(document, ['kind']);
    if (!isKind(from) || from === to) return;
    const rule = ruleOf(to);
    set(document, ['apiVersion'], rule.apiVersion);
    set(document, ['kind'], to);
    for (const field of ALL_FIELDS) {
      if (!rule.fields.includes(field)) remove(document, specPath(from, field));
    }
    if (from === 'CronJob') movePairs(document, ['spec', 'jobTemplate', 'spec'], ['spec'], () => true);
    if (to === 'CronJob') {
      const isOfJob = (key: string) => !CRON_JOB_ONLY.includes(key) && key !== 'jobTemplate';
      movePairs(document, ['spec'], ['spec', 'jobTemplate', 'spec'], isOfJob);
      set(document, ['spec', 'schedule'], valueIn(document, ['spec', 'schedule']) ?? '');
    }
    if (rule.fields.includes('replicas') && valueIn(document, ['spec', 'replicas']) === undefined) {
      set(document, ['spec', 'replicas'], 1);
    }
    if (rule.hasSelector) select(document, to);
    else remove(document, [...specParent(to), 'selector']);
    restart(document, to);
  };

const specParent = (kind: Kind): Path => templatePath(kind).slice(0, -1);

/** Takes pairs of one map into another, with their comments. */
function movePairs(document: Document, from: Path, to: Path, isMoved: (key: string) => boolean): void {
  const source = own(document, from, 'map') as YAMLMap;
  const target = own(document, to, 'map') as YAMLMap;
  const moved = source.items.filter(({ key }) => isMoved(String(key)) && !target.has(key));
  source.items = source.items.filter((pair) => !moved.includes(pair));
  target.items.push(...moved);
  if (source.items.length === 0) remove(document, from);
}

/** A selector that finds the pods: by their labels, of which there must be one. */
function select(document: Document, kind: Kind): void {
  if (valueIn(document, ['spec', 'selector']) !== undefined) return;
  const labels = podLabelsPath(kind);
  if (Object.keys(valueIn(document, labels) ?? {}).length === 0) {
    addEntry(document, labels, LABEL, labelOf(textOf(valueIn(document, ['metadata', 'name']))));
  }
  set(document, SELECTOR, valueIn(document, labels) ?? {});
}

function restart(document: Document, kind: Kind): void {
  const path = [...templatePath(kind), 'spec', 'restartPolicy'];
  const policy = textOf(valueIn(document, path));
  if (!ruleOf(kind).ends) remove(document, path);
  else if (policy === '' || policy === 'Always') set(document, path, 'Never');
}
