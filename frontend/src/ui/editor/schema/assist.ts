import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { type Diagnostic, linter } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, hoverTooltip } from '@codemirror/view';
import { check, type SchemaFault, type SchemaOf } from './check';
import { lineKeyAt, type Place, placeAt, typeAt } from './place';
import { type Field, fieldsOf, isEither, type Schema, schemaAt, typeOf } from './schema';

/** What is known of a field. */
export interface FieldDocs {
  /** As the server writes it: spec.replicas. */
  field: string;
  type: string;
  isRequired: boolean;
  description: string;
  /** What it can be, where that is a closed list. */
  values: string;
}

export interface AssistSpec {
  /** The schema of a kind; null while it is not known. It may change without the editor being made anew. */
  schemaOf: SchemaOf;
  /** Stands for a value that is not shown. */
  masked: string;
  faultWords: (fault: SchemaFault) => string;
  /** In one line: the type, and whether it has to be there. */
  docsWords: (docs: FieldDocs) => string;
  /** Is told what is known of the field under the cursor. */
  onField: (docs: FieldDocs | null) => void;
}

/** The cursor rests before its field is described. */
const REST_MS = 200;
/** Longer texts are checked by the server alone. */
const LONGEST_CHECKED = 1_000_000;

/** Completion, documentation and errors from the schemas of what is written. */
export function assist(spec: AssistSpec): Extension {
  // One source for good: the editor tells by its identity what is being completed.
  const sources = [{ autocomplete: (context: CompletionContext) => complete(context, spec) }];
  return [
    EditorState.languageData.of(() => sources),
    hoverTooltip((view, position) => {
      const docs = docsAt(view.state.doc.toString(), position, spec);
      if (!docs) return null;
      return { pos: position, above: true, create: () => ({ dom: docsElement(docs, spec) }) };
    }),
    linter(({ state }) => faultsOf(state.doc.toString(), spec), { delay: 500 }),
    follow(spec),
  ];
}

function faultsOf(text: string, spec: AssistSpec): Diagnostic[] {
  if (text.length > LONGEST_CHECKED) return [];
  return check(text, spec.schemaOf, spec.masked).map((fault) => ({
    from: Math.min(fault.from, text.length),
    to: Math.min(fault.to, text.length),
    severity: 'error',
    message: spec.faultWords(fault),
  }));
}

/** What can be written where the cursor is. */
export function complete(
  { state, pos, explicit }: Pick<CompletionContext, 'state' | 'pos' | 'explicit'>,
  { schemaOf, docsWords }: AssistSpec,
): CompletionResult | null {
  const text = state.doc.toString();
  // What is written below is YAML.
  if (/^\s*[{[]/.test(text)) return null;
  const [type, place] = [typeAt(text, pos), placeAt(text, pos)];
  const root = type && schemaOf(type.apiVersion, type.kind);
  if (!root || !place) return null;
  if (!explicit && pos === place.from) return null;
  const schema = schemaAt(root, place.path);
  if (!schema) return null;
  const options = place.at === 'key' ? keysOf(schema, root, place, docsWords) : [];
  const found = options.length > 0 ? options : valuesOf(schema);
  return found.length > 0 ? { from: place.from, options: found, validFor: /^[\w.\-/]*$/ } : null;
}

function keysOf(schema: Schema, root: Schema, place: Place, words: AssistSpec['docsWords']): Completion[] {
  return fieldsOf(schema, root)
    .filter(({ name }) => !place.others.includes(name))
    .map((field) => ({
      label: field.name,
      apply: field.name + afterKey(field.schema, place.column),
      detail: typeOf(field.schema, root),
      info: [words(docsOf(field, field.name, root)), field.schema.description].filter(Boolean).join('\n'),
      boost: field.isRequired ? 1 : 0,
      type: 'property',
    }));
}

/** What is written behind a key: a space, or the beginning of what stands below it. */
function afterKey(schema: Schema, column: number): string {
  const below = `:\n${' '.repeat(column + 2)}`;
  if (isEither(schema)) return ': ';
  if (schema.type === 'array') return `${below}- `;
  return schema.type === 'object' || schema.properties ? below : ': ';
}

function valuesOf(schema: Schema): Completion[] {
  const values = schema.type === 'boolean' ? [true, false] : (schema.enum ?? []);
  return values.map((value) => ({ label: String(value), type: 'constant' }));
}

/** What is known of the field of a line. */
export function docsAt(text: string, position: number, { schemaOf }: AssistSpec): FieldDocs | null {
  const type = typeAt(text, position);
  const root = type && schemaOf(type.apiVersion, type.kind);
  const place = root && lineKeyAt(text, position);
  if (!root || !place) return null;
  const schema = schemaAt(root, place.path);
  const parent = schemaAt(root, place.path.slice(0, -1));
  if (!schema) return null;
  const name = String(place.path.at(-1));
  const isRequired = parent?.required?.includes(name) ?? false;
  return docsOf({ name, schema, isRequired }, written(place.path), root);
}

function docsOf({ schema, isRequired }: Field, field: string, root: Schema): FieldDocs {
  const values = (schema.enum ?? []).join(', ');
  return { field, type: typeOf(schema, root), isRequired, description: schema.description ?? '', values };
}

const written = (path: Place['path']) =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index > 0 ? `.${key}` : key)).join('');

function docsElement(docs: FieldDocs, { docsWords }: AssistSpec): HTMLElement {
  const element = document.createElement('div');
  element.className = 'field-docs';
  const head = document.createElement('strong');
  head.textContent = docs.field;
  const facts = document.createElement('div');
  facts.textContent = docsWords(docs);
  const words = document.createElement('p');
  words.textContent = docs.description;
  element.append(head, facts, words);
  return element;
}

/** Describes the field under the cursor, for whoever does not point at it. */
function follow(spec: AssistSpec): Extension {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return EditorView.updateListener.of(({ state, selectionSet, docChanged }) => {
    if (!selectionSet && !docChanged) return;
    clearTimeout(timer);
    timer = setTimeout(
      () => spec.onField(docsAt(state.doc.toString(), state.selection.main.head, spec)),
      REST_MS,
    );
  });
}
