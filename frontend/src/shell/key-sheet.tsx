import { Checkbox, Modal } from 'antd';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyList } from '@/ui/feedback/key-list';
import { useOpener } from '@/ui/hooks/use-opener';
import { usePrefer, usePreference } from '@/ui/preferences/preferences-slice';

interface KeySheetProps extends ComponentProps<typeof KeyList> {
  close: () => void;
}

export function KeySheet({ keys, close }: KeySheetProps) {
  const { t } = useTranslation();
  const leave = useOpener(close);
  const prefer = usePrefer();
  const isOn = usePreference('keys') === 'on';
  return (
    <Modal open title={t('keys.title')} onCancel={leave} footer={null}>
      <div className="stack" data-testid="key-sheet">
        <KeyList keys={keys} />
        <Checkbox checked={isOn} onChange={({ target }) => prefer({ keys: target.checked ? 'on' : 'off' })}>
          {t('keys.on')}
        </Checkbox>
      </div>
    </Modal>
  );
}
