import { useTranslation } from 'react-i18next';
import { Diff } from './diff';
import { fieldName } from './field-name';

/** One field of an object, before and after. */
export interface FieldChange {
  /** A JSON pointer. */
  path: string;
  before: unknown;
  after: unknown;
  important: boolean;
}

/** The fields that changed: the important ones, and the others folded and counted. */
export function FieldChanges({ changes }: { changes: readonly FieldChange[] }) {
  const { t } = useTranslation();
  const others = changes.filter(({ important }) => !important);
  return (
    <>
      <Fields changes={changes.filter(({ important }) => important)} />
      {others.length > 0 && (
        <details className="fold">
          <summary>{t('fieldChange.others', { count: others.length })}</summary>
          <Fields changes={others} />
        </details>
      )}
    </>
  );
}

function Fields({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <ul className="field-changes">
      {changes.map(({ path, before, after }) => (
        <li key={path} className="wrap">
          <code title={path}>{fieldName(path)}</code> <Diff before={textOf(before)} after={textOf(after)} />
        </li>
      ))}
    </ul>
  );
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  const short = JSON.stringify(value);
  return short.length <= 40 ? short : JSON.stringify(value, null, 2);
}
