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
  /** Whether the important ones are marked by a word. */
  isMarked?: boolean;
}

/** The fields that changed: the important ones, and the others folded and counted. */
export function FieldChanges({ changes, limit, isMarked }: FieldChangesProps) {
  const { t } = useTranslation();
  const shown = changes.filter(({ important }) => important).slice(0, limit);
  const others = changes.filter((change) => !shown.includes(change));
  return (
    <>
      <Fields changes={shown} isMarked={isMarked} />
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

function Fields({ changes, isMarked }: Pick<FieldChangesProps, 'changes' | 'isMarked'>) {
  const { t } = useTranslation();
  return (
    <ul className="field-changes">
      {changes.map(({ path, before, after }) => (
        <li key={path} className="wrap">
          <code title={path}>{fieldName(path)}</code>{' '}
          <Diff before={valueText(before)} after={valueText(after)} />
          {isMarked && <span className="tag-warn">{t('fieldChange.important')}</span>}
        </li>
      ))}
    </ul>
  );
}

/** A value as people write it; null where it is not set. */
export function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  const short = JSON.stringify(value);
  return short.length <= 40 ? short : JSON.stringify(value, null, 2);
}
