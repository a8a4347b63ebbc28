import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { objectWords } from '@/features/causes/place';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { LineDiff } from '@/ui/evidence/line-diff';
import type { Preview } from './api';
import { ApplyConflicts, type Ownership } from './apply-conflicts';
import { ChangeTag } from './change-tag';

interface PreviewCardProps {
  preview: Preview;
  /** Fields of other managers are taken over, or left to them. Without it there is no choice: it is an edit. */
  ownership?: Ownership;
  /** Goes to a line of the text. */
  toLine?: (line: number) => void;
  /** Whether its differences are open at first. */
  isOpen: boolean;
}

/** What applying one document would do. What else keeps the object, and what the server warns of, is said first. */
export function PreviewCard({ preview, ownership, toLine, isOpen }: PreviewCardProps) {
  const { t } = useTranslation();
  const { id, change, conflicts, warnings, managedBy, error, line } = preview;
  // All of a new object is new: its manifest says that in one piece.
  const diff = change === 'CREATE' ? [] : preview.diff;
  const important = diff.filter((one) => one.important).length;
  const kept = (id && ownership?.conflictsOf(id)) || [];
  const name = id ? objectWords(id) : t('edit.unreadable');
  return (
    <article
      className="panel preview"
      aria-label={name}
      data-testid="preview"
      data-change={change}
      data-id={id}
    >
      <div className="preview-head">
        <h2>{name}</h2>
        <ChangeTag change={change} />
        {important > 0 && <span className="tag-warn">{t('edit.important', { count: important })}</span>}
        {conflicts.length > 0 && (
          <span className="tag-warn">{t('edit.conflicts', { count: conflicts.length })}</span>
        )}
        {line && toLine && (
          <Button size="small" type="link" onClick={() => toLine(line)} data-testid="preview-line">
            {t('edit.line', { line })}
          </Button>
        )}
      </div>
      {managedBy && (
        <Alert
          type="warning"
          showIcon
          title={t('edit.managedBy', { manager: managedBy })}
          description={t('edit.managedByNext', { manager: managedBy })}
          data-testid="preview-managed"
        />
      )}
      {error && (
        <Alert
          type="error"
          showIcon
          title={error.message}
          data-testid="preview-error"
          data-code={error.code}
        />
      )}
      {change === 'UNTESTED' && !error && <Alert type="warning" showIcon title={t('edit.untested')} />}
      {warnings.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('edit.warnings', { count: warnings.length })}
          description={
            <ul>
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          }
          data-testid="preview-warnings"
        />
      )}
      {ownership && kept.length > 0 && id && (
        <ApplyConflicts id={id} conflicts={kept} ownership={ownership} />
      )}
      {diff.length > 0 && <FieldChanges changes={diff} isMarked />}
      <Lines preview={preview} isOpen={isOpen} />
    </article>
  );
}

/** The lines that differ. They are compared once somebody wants to see them: there may be hundreds of documents. */
function Lines({ preview: { live, result, change }, isOpen }: Pick<PreviewCardProps, 'preview' | 'isOpen'>) {
  const { t } = useTranslation();
  const [isShown, setIsShown] = useState(isOpen);
  if (result === null || change === 'NONE') return null;
  return (
    <details className="fold" open={isShown} onToggle={({ currentTarget }) => setIsShown(currentTarget.open)}>
      <summary>{t(change === 'CREATE' ? 'edit.created' : 'edit.lines')}</summary>
      {isShown && <LineDiff before={live ?? ''} after={result} />}
    </details>
  );
}
