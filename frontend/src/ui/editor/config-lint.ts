import { isNode, parseAllDocuments, parseDocument } from 'yaml';

export type ConfigLanguage = 'yaml' | 'json';

export interface Finding {
  from: number;
  to: number;
  severity: 'error' | 'warning';
  message: string;
}

/** What does not parse, with the place of each. JSON is held to its own grammar, which is stricter than YAML's. */
export function diagnose(text: string, language: ConfigLanguage): Finding[] {
  if (text.trim() === '') return [];
  const findings = parseAllDocuments(text, { prettyErrors: false }).flatMap((document) => [
    ...document.errors.map((error) => finding(error, text, 'error')),
    ...document.warnings.map((warning) => finding(warning, text, 'warning')),
  ]);
  return language === 'json' && findings.length === 0 ? strictly(text) : findings;
}

/** Where the text has what a refusal names, such as `manifest.spec.replicas`, or the nearest around it that is there. */
export function locate(text: string, place: string): Pick<Finding, 'from' | 'to'> | null {
  const document = parseDocument(text);
  const words = place.replace(/^manifest\b/, '').match(/[^.[\]]+/g) ?? [];
  for (let length = words.length; length > 0; length--) {
    const node = document.getIn(
      words.slice(0, length).map((word) => (/^\d+$/.test(word) ? Number(word) : word)),
      true,
    );
    if (isNode(node) && node.range) return { from: node.range[0], to: node.range[1] };
  }
  return null;
}

function finding(
  { pos, message }: { pos: [number, number]; message: string },
  text: string,
  severity: Finding['severity'],
): Finding {
  const from = Math.min(pos[0], text.length);
  return { from, to: Math.min(Math.max(pos[1], from), text.length), severity, message };
}

function strictly(text: string): Finding[] {
  try {
    JSON.parse(text);
    return [];
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
    return [
      { from: Math.min(at, text.length), to: Math.min(at + 1, text.length), severity: 'error', message },
    ];
  }
}
