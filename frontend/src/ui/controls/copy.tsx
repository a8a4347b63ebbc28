import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Copies a text that nobody types by hand. */
export function Copy({ text }: { text: string }) {
  const { t } = useTranslation();
  const [isDone, setIsDone] = useState(false);
  const label = isDone ? t('copy.done') : t('copy.label', { what: text });
  const copy = () => navigator.clipboard?.writeText(text).then(() => setIsDone(true));
  return (
    <button type="button" className="plain-button" aria-label={label} title={label} onClick={copy}>
      {isDone ? <CheckOutlined aria-hidden="true" /> : <CopyOutlined aria-hidden="true" />}
    </button>
  );
}
