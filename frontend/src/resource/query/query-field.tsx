import { FilterOutlined } from '@ant-design/icons';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TextKey } from '@/language/texts';
import { useDebounced } from '@/ui/hooks/use-debounced';
import type { Address } from '../list-parameters';
import { ChipList } from './chip-list';
import { type Chip, changesFor, chipsOf, chipWords, readQuery, type Spec } from './query';
import { QueryFaults } from './query-faults';
import { SuggestionList } from './suggestion-list';
import { lastPart, openToken, type Suggestion, suggestionsFor } from './suggestions';
import { useQueryText } from './use-query-text';

interface QueryFieldProps {
  /** Prefix of the test ids. */
  name: string;
  address: Address;
  specs: readonly Spec[];
  /** What stands in it for a list that plain words cannot be searched in. */
  hint?: TextKey;
  /** Tokens that the server cannot answer, and what to do instead. */
  unanswered?: Record<string, TextKey>;
  /** Whether something is being written that is not applied yet. */
  onWriting?: (isWriting: boolean) => void;
}

const nothing = () => ({ data: undefined });

/** The one query of a list: chips for what is in force, and text. It is kept in the address. */
export function QueryField({ name, address, specs, hint, unanswered = {}, onWriting }: QueryFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const [said, setSaid] = useState('');

  const read = (text: string) => readQuery(t, text, specs, Object.keys(unanswered));
  const search = specs.find(({ control }) => control === 'search');
  const placeholder = search?.label ?? hint;
  const { text, type, settle, isTyping } = useQueryText(
    search ? address.get(search.key) : '',
    (text) => read(text).words,
    (words) => search && address.set({ [search.key]: words }),
  );
  const chips = chipsOf(address, specs);
  const query = read(text);
  // The value that is being written is not wrong yet.
  const faults = query.faults.filter(
    (fault) => fault.kind === 'unanswered' || !isOpen || fault.text !== lastPart(text),
  );
  const isWriting = isTyping || (isOpen && text.trim() !== query.words);
  useEffect(() => onWriting?.(isWriting), [onWriting, isWriting]);

  const open = isOpen ? openToken(text, specs) : undefined;
  const suggesting = specs.find((spec) => spec.control === 'suggestion');
  const useSuggestions = suggesting?.control === 'suggestion' ? suggesting.useSuggestions : nothing;
  const part = useDebounced(open && open.spec === suggesting ? open.part : null);
  const { data: known = [] } = useSuggestions(part);
  const suggestions = isOpen
    ? suggestionsFor(t, text, specs, chips, open?.spec === suggesting ? known : [])
    : [];

  const say = (key: 'query.added' | 'query.removed', changed: Chip[]) =>
    setSaid(
      changed
        .map((chip) => t(key, { filter: `${t(chip.spec.label)} ${chipWords(t, chip)}` }))
        .join(t('mark.stop')),
    );
  const remove = (chip: Chip) => {
    address.set(
      changesFor(
        specs,
        chips.filter((one) => one.spec !== chip.spec || one.value !== chip.value),
      ),
    );
    say('query.removed', [chip]);
    input.current?.focus();
  };
  const commit = (written: string) => {
    const next = read(written);
    const rest = [next.words, ...new Set(next.faults.map((fault) => fault.text))].filter(Boolean).join(' ');
    settle(rest);
    setAt(-1);
    setIsOpen(false);
    address.set({
      ...changesFor(specs, [...chips, ...next.chips]),
      ...(search && { [search.key]: next.words }),
    });
    say('query.added', next.chips);
  };
  const choose = (suggestion: Suggestion) => {
    const written = text.slice(0, text.length - lastPart(text).length) + suggestion.text;
    setAt(-1);
    if (suggestion.isToken) type(written);
    else commit(written);
    input.current?.focus();
  };

  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const { selectionStart, selectionEnd } = event.currentTarget;
    const chosen = suggestions[at];
    const last = chips.at(-1);
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        event.preventDefault();
        setIsOpen(true);
        setAt(nextOf(at, event.key === 'ArrowDown' ? 1 : -1, suggestions.length));
        return;
      case 'Enter':
        event.preventDefault();
        if (chosen) choose(chosen);
        else commit(text);
        return;
      case 'Escape':
        if (suggestions.length > 0) event.preventDefault();
        setIsOpen(false);
        return;
      case 'Backspace':
        if (last && selectionStart === 0 && selectionEnd === 0) remove(last);
    }
  };

  const shown = suggestions.length > 0;
  return (
    <search className="query-field">
      <div className="query-box">
        <FilterOutlined aria-hidden="true" />
        <ChipList name={name} chips={chips} remove={remove} />
        <input
          ref={input}
          className="query-text"
          role="combobox"
          aria-label={t('query.label')}
          aria-describedby={`${id}-hint`}
          aria-expanded={shown}
          aria-controls={shown ? `${id}-list` : undefined}
          aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          aria-invalid={faults.length > 0 && !isTyping}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder && t(placeholder)}
          value={text}
          data-testid={`${name}-search`}
          onChange={({ target }) => {
            type(target.value);
            setIsOpen(true);
            setAt(-1);
          }}
          onFocus={() => setIsOpen(true)}
          onBlur={() => setIsOpen(false)}
          onKeyDown={press}
        />
        {chips.length === 0 && !text && (
          <span aria-hidden="true">
            <kbd>/</kbd>
          </span>
        )}
        {shown && <SuggestionList id={id} suggestions={suggestions} at={at} choose={choose} />}
      </div>
      <span id={`${id}-hint`} hidden>
        {t('query.hint')}
      </span>
      {!isTyping && <QueryFaults query={{ ...query, faults }} unanswered={unanswered} />}
      <span className="for-readers" role="status" data-testid={`${name}-said`}>
        {said}
      </span>
    </search>
  );
}

/** Round and round, with a stop outside the list. */
function nextOf(at: number, step: 1 | -1, length: number): number {
  return ((at + 1 + step + length + 1) % (length + 1)) - 1;
}
