import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { diffLines, folded, type Line } from './diff-lines';

interface LineDiffProps {
  before: string;
  after: string;
}

/** Two texts as one, with the lines that were removed and added. Those far from any difference are folded and counted. */
export function LineDiff({ before, after }: LineDiffProps) {
  const { t } = useTranslation();
  const parts = useMemo(() => folded(diffLines(before, after)), [before, after]);
  let at = 0;
  return (
    <div className="diff diff-lines" data-testid="line-diff">
      {parts.map((part) => {
        const key = at;
        if (part.kind !== 'skipped') {
          at += 1;
          return <OneLine key={key} line={part} />;
        }
        at += part.lines.length;
        return (
          <details key={key} className="fold">
            <summary>{t('lineDiff.same', { count: part.lines.length })}</summary>
            {part.lines.map(({ text }) => text).join('\n')}
          </details>
        );
      })}
    </div>
  );
}

function OneLine({ line: { kind, text } }: { line: Line }) {
  // An empty line has the height of one.
  const shown = text || ' ';
  if (kind === 'same') return <span>{shown}</span>;
  const Changed = kind === 'removed' ? 'del' : 'ins';
  return (
    <Changed>
      <span className="diff-sign">{kind === 'removed' ? '−' : '+'}</span>
      {shown}
    </Changed>
  );
}
