import { useTranslation } from 'react-i18next';
import type { Entry, Group } from './use-entries';

interface EntryListProps {
  /** Of the palette; each option has it with its number. */
  id: string;
  groups: readonly Group[];
  current: Entry | undefined;
  choose: (entry: Entry) => void;
}

export function EntryList({ id, groups, current, choose }: EntryListProps) {
  const { t } = useTranslation();
  const all = groups.flatMap(({ entries }) => entries);
  return (
    <div
      className="palette-list"
      role="listbox"
      id={`${id}-list`}
      aria-label={t('find.results')}
      // So that the field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
    >
      {groups.map(({ title, entries }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox
        <div key={title} role="group" aria-labelledby={`${id}-${title}`}>
          <div id={`${id}-${title}`} className="palette-group" role="presentation">
            {t(title)}
          </div>
          {entries.map((entry) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
            <div
              key={entry.key}
              id={`${id}-${all.indexOf(entry)}`}
              role="option"
              tabIndex={-1}
              className="palette-option"
              aria-selected={entry === current}
              aria-disabled={entry.refusal != null}
              data-testid="find-entry"
              onClick={() => choose(entry)}
            >
              <span className="palette-icon">{entry.icon}</span>
              <span className="palette-words">
                {entry.words} <span className="quiet">{entry.refusal ?? entry.detail}</span>
                {entry.state && <> {entry.state}</>}
              </span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
