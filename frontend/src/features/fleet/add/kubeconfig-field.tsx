import { UploadOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '@/ui/controls/field';
import { secretText } from './secret-text';

/** What the server takes of one is smaller. */
const MOST_BYTES = 512 * 1024;

interface KubeconfigFieldProps {
  value: string;
  error: string | null;
  change: (text: string) => void;
}

/** A kubeconfig that is pasted, dropped or chosen as a file. */
export function KubeconfigField({ value, error, change }: KubeconfigFieldProps) {
  const { t } = useTranslation();
  const chooser = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const [unread, setUnread] = useState<string | null>(null);

  const take = async (file: File | undefined) => {
    if (!file) return;
    const text = file.size > MOST_BYTES ? null : await file.text().catch(() => null);
    setUnread(text === null ? t('addCluster.unread', { name: file.name }) : null);
    if (text !== null) change(text);
  };

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    <Field
      id="kubeconfig"
      label={t('addCluster.kubeconfig')}
      hint={t('addCluster.kubeconfigHint')}
      error={error ?? unread}
    >
      <Input.TextArea
        {...secretText('kubeconfig', error ?? unread)}
        className={isOver ? 'fleet-secret fleet-over' : 'fleet-secret'}
        autoSize={{ minRows: 6, maxRows: 14 }}
        value={value}
        onChange={({ target }) => {
          setUnread(null);
          change(target.value);
        }}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          // Text that is dropped is written by the browser.
          if (event.dataTransfer.files.length > 0) drop(event);
        }}
      />
      <div>
        <input
          ref={chooser}
          type="file"
          hidden
          aria-label={t('addCluster.choose')}
          data-testid="kubeconfig-file"
          onChange={({ target }) => {
            void take(target.files?.[0]);
            // The same file may be chosen again.
            target.value = '';
          }}
        />
        <Button icon={<UploadOutlined aria-hidden="true" />} onClick={() => chooser.current?.click()}>
          {t('addCluster.choose')}
        </Button>
      </div>
    </Field>
  );
}
