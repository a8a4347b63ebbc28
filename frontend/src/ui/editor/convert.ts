import { parseAllDocuments, stringify } from 'yaml';
import type { ConfigLanguage } from './config-lint';

/** The same configuration in the other notation; null when it does not parse or JSON cannot hold it. */
export function convert(text: string, to: ConfigLanguage): string | null {
  const documents = parseAllDocuments(text);
  const [document] = documents;
  if (documents.length !== 1 || !document || document.errors.length > 0) return null;
  const value: unknown = document.toJS();
  return to === 'json' ? `${JSON.stringify(value, null, 2)}\n` : stringify(value, { lineWidth: 0 });
}
