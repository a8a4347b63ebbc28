import { SearchOutlined } from '@ant-design/icons';
import dynamic from 'next/dynamic';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keyLabels, useKeys } from '@/ui/hooks/use-keys';
import { useOpener } from '@/ui/hooks/use-opener';
import { pageKeys } from '../key-table';
import { LONGEST, nothingWritten, type Written } from './written';

const load = () => import('./palette').then((module) => module.Palette);
const Palette = dynamic(() => load(), { ssr: false });

/** After everything that the page itself needs, but before somebody presses the key and writes on at once. */
const LOAD_AFTER_MS = 2_000;

/** Opens the palette, by its button or by its key. */
export function Find() {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => void load(), LOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useKeys([{ ...pageKeys.find, run: () => setIsOpen(true) }], !isOpen);
  return (
    <>
      <button
        type="button"
        className="find"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        data-testid="find"
        onClick={() => setIsOpen(true)}
      >
        <SearchOutlined aria-hidden="true" />
        <span className="find-words">{t('find.label')}</span>
        <span className="find-keys" aria-hidden="true">
          {keyLabels(pageKeys.find.keys).map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      </button>
      {isOpen && <Opened close={() => setIsOpen(false)} />}
    </>
  );
}

/** The palette, and until it has the focus a field in its place: no key is lost while it is loaded. */
function Opened({ close }: { close: () => void }) {
  const leave = useOpener(close);
  const [written, write] = useState(nothingWritten);
  const [isReady, setIsReady] = useState(false);
  return (
    <>
      {!isReady && <FirstField written={written} write={write} leave={leave} />}
      <Palette written={written} write={write} ready={() => setIsReady(true)} leave={leave} />
    </>
  );
}

interface FirstFieldProps {
  written: Written;
  write: (written: Written) => void;
  leave: () => void;
}

function FirstField({ written: { text }, write, leave }: FirstFieldProps) {
  const { t } = useTranslation();
  const press = ({ key, nativeEvent }: KeyboardEvent) => {
    if (nativeEvent.isComposing) return;
    if (key === 'Escape') leave();
    if (key === 'Enter') write({ text, isEntered: true });
  };
  return (
    <div className="palette-box palette-first">
      <SearchOutlined aria-hidden="true" />
      <input
        // biome-ignore lint/a11y/noAutofocus: one writes on at once
        autoFocus
        className="palette-text"
        aria-label={t('find.label')}
        autoComplete="off"
        spellCheck={false}
        maxLength={LONGEST}
        placeholder={t('find.label')}
        value={text}
        onChange={({ target }) => write({ text: target.value, isEntered: false })}
        onKeyDown={press}
      />
    </div>
  );
}
