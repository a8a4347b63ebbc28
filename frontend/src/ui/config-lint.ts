import { parseAllDocuments } from 'yaml';

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
