import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Suggestion } from './suggestions';

interface SuggestionListProps {
  /** Of the field; the option at `at` has it with its number. */
  id: string;
  suggestions: readonly Suggestion[];
  at: number;
  choose: (suggestion: Suggestion) => void;
}

/** What may be written next. The focus stays in the field, which names the option that Enter takes. */
export function SuggestionList({ id, suggestions, at, choose }: SuggestionListProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView?.({ block: 'nearest' });
  }, [id, at]);
  return (
    <div
      className="query-list"
      role="listbox"
      id={`${id}-list`}
      aria-label={t('query.suggestions')}
      // So that the field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
    >
      {suggestions.map((suggestion, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
        <div
          key={suggestion.text}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          className="query-option"
          aria-selected={index === at}
          onClick={() => choose(suggestion)}
        >
          <span>{suggestion.text}</span>
          <span className="quiet">{suggestion.words}</span>
        </div>
      ))}
    </div>
  );
}
