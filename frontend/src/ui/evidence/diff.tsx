import { useTranslation } from 'react-i18next';
import { changeOf } from './words';

/** Longer values stand below each other. */
const SHORT = 40;

interface DiffProps {
  /** Null where it is not set. */
  before: string | null;
  after: string | null;
}

const isShort = (text: string | null) => !text || (text.length <= SHORT && !text.includes('\n'));

/** What a value was and what it is: short ones in one line, long ones as two lines with the changed words stronger. */
export function Diff({ before, after }: DiffProps) {
  const { t } = useTranslation();
  const absent = <span className="quiet">{t('fieldChange.absent')}</span>;
  if (isShort(before) && isShort(after)) {
    return (
      <span className="diff">
        {before === null ? absent : <del>{before}</del>}
        {' → '}
        {after === null ? absent : <ins>{after}</ins>}
      </span>
    );
  }
  const { start, removed, added, end } = changeOf(before ?? '', after ?? '');
  return (
    <div className="diff diff-lines">
      {before !== null && (
        <del>
          <span className="diff-sign">−</span>
          {start}
          {removed && <b>{removed}</b>}
          {end}
        </del>
      )}
      {after !== null && (
        <ins>
          <span className="diff-sign">+</span>
          {start}
          {added && <b>{added}</b>}
          {end}
        </ins>
      )}
    </div>
  );
}
