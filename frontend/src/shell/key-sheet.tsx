import { Checkbox, Modal } from 'antd';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyList } from '@/ui/feedback/key-list';
import { useOpener } from '@/ui/hooks/use-opener';

interface KeySheetProps extends ComponentProps<typeof KeyList> {
  isOn: boolean;
  turn: (on: boolean) => void;
  close: () => void;
}

export function KeySheet({ keys, isOn, turn, close }: KeySheetProps) {
  const { t } = useTranslation();
  const leave = useOpener(close);
  return (
    <Modal open title={t('keys.title')} onCancel={leave} footer={null}>
      <div className="stack" data-testid="key-sheet">
        <KeyList keys={keys} />
        <Checkbox checked={isOn} onChange={(event) => turn(event.target.checked)}>
          {t('keys.on')}
        </Checkbox>
      </div>
    </Modal>
  );
}
