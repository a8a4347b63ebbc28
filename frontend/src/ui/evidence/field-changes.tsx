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

interface FieldChangesProps {
  changes: readonly FieldChange[];
  /** More important ones than these are folded too. */
  limit?: number;
}

/** The fields that changed: the important ones, and the others folded and counted. */
export function FieldChanges({ changes, limit }: FieldChangesProps) {
  const { t } = useTranslation();
  const shown = changes.filter(({ important }) => important).slice(0, limit);
  const others = changes.filter((change) => !shown.includes(change));
  return (
    <>
      <Fields changes={shown} />
      {others.length > 0 && (
        <details className="fold">
          <summary>
            {t(shown.length > 0 ? 'fieldChange.others' : 'fieldChange.fields', { count: others.length })}
          </summary>
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
