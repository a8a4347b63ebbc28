import { SearchOutlined } from '@ant-design/icons';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keyLabels, useKeys } from '@/ui/hooks/use-keys';
import { pageKeys } from '../key-table';

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
      {isOpen && <Palette close={() => setIsOpen(false)} />}
    </>
  );
}
