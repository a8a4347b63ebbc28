import { useTranslation } from 'react-i18next';

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
        <details className="stages">
          <summary>{t('fieldChange.others', { count: others.length })}</summary>
          <Fields changes={others} />
        </details>
      )}
    </>
  );
}

function Fields({ changes }: { changes: readonly FieldChange[] }) {
  const { t } = useTranslation();
  return (
    <ul>
      {changes.map(({ path, before, after }) => (
        <li key={path} className="wrap">
          <code>{path}</code>: <Value value={before} none={t('fieldChange.absent')} />
          {' → '}
          <Value value={after} none={t('fieldChange.absent')} />
        </li>
      ))}
    </ul>
  );
}

function Value({ value, none }: { value: unknown; none: string }) {
  if (value === null || value === undefined) return <span className="quiet">{none}</span>;
  return <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>;
}
