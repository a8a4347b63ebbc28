import { SearchOutlined } from '@ant-design/icons';
import { Modal } from 'antd';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKindsOfAll } from '@/features/kinds/api';
import { Problem } from '@/ui/feedback/problem';
import { EntryList } from './entry-list';
import { type Entry, useGroups } from './use-entries';
import { useFound } from './use-found';
import { LONGEST, type Written } from './written';

/** What stands first in these is known without the server. */
const KNOWN = ['find.actions', 'find.pages', 'find.kinds'];

interface PaletteProps {
  written: Written;
  write: (written: Written) => void;
  /** Called once its field has the focus. */
  ready: () => void;
  leave: () => void;
}

/** Finds pages, objects and what can be done here, and goes there or does it. The focus stays in the field. */
export function Palette({ written: { text, isEntered }, write, ready, leave }: PaletteProps) {
  const { t } = useTranslation();
  const id = useId();
  const [chosen, setChosen] = useState('');
  const served = useKindsOfAll(text.trim() !== '');
  const found = useFound(text, served);
  const groups = useGroups(text, found.data, served);
  const entries = groups.flatMap((group) => group.entries);
  // By its key: what is found later must not move the choice.
  const at = Math.max(
    0,
    entries.findIndex(({ key }) => key === chosen),
  );
  const current = entries[at];
  const isShown = entries.length > 0;
  const isSure = found.isSettled || chosen !== '' || KNOWN.includes(groups[0]?.title ?? '');
  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView?.({ block: 'nearest' });
  }, [id, at]);

  const choose = (entry: Entry) => {
    if (entry.refusal != null) return;
    leave();
    entry.run();
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setChosen(entries[(at + step + entries.length) % entries.length]?.key ?? '');
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (!isSure) write({ text, isEntered: true });
      else if (current) choose(current);
    }
  };
  useEffect(() => {
    if (!isEntered || !isSure) return;
    // Not within the effect: it closes the palette at once.
    const timer = setTimeout(() => {
      write({ text, isEntered: false });
      if (current) choose(current);
    });
    return () => clearTimeout(timer);
  });

  return (
    <Modal
      open
      className="palette"
      title={<span className="for-readers">{t('find.title')}</span>}
      closable={false}
      footer={null}
      width={640}
      onCancel={leave}
    >
      <div className="palette-box">
        <SearchOutlined aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: it is what the dialog was opened for
          autoFocus
          role="combobox"
          className="palette-text"
          aria-label={t('find.label')}
          aria-expanded={isShown}
          aria-controls={isShown ? `${id}-list` : undefined}
          aria-activedescendant={isShown ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          maxLength={LONGEST}
          placeholder={t('find.label')}
          value={text}
          data-testid="find-text"
          onChange={({ target }) => {
            write({ text: target.value, isEntered: false });
            setChosen('');
          }}
          onFocus={({ target }) => {
            target.setSelectionRange(text.length, text.length);
            ready();
          }}
          onKeyDown={press}
        />
      </div>
      {found.error && <Problem error={found.error} retry={found.retry} />}
      {isShown && <EntryList id={id} groups={groups} current={current} choose={choose} />}
      <p className="palette-status quiet" role="status" data-testid="find-status">
        {!found.isSettled && t('find.searching')}
        {found.isSettled && isShown && t('find.count', { count: entries.length })}
        {found.isSettled && !isShown && !found.error && t('find.none', { text: text.trim() })}
      </p>
    </Modal>
  );
}
