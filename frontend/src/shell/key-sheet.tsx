import { Checkbox, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { KeyList } from '@/ui/feedback/key-list';
import { useOpener } from '@/ui/hooks/use-opener';
import { usePrefer, usePreference } from '@/ui/preferences/preferences-slice';
import { keyTable } from './key-table';

/** All keys, and the switch for those that a spoken word could press. */
export function KeySheet({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const leave = useOpener(close);
  const prefer = usePrefer();
  const isOn = usePreference('keys') === 'on';
  return (
    <Modal open title={t('keys.title')} onCancel={leave} footer={null}>
      <div className="stack" data-testid="key-sheet">
        {keyTable.map(({ title, keys }) => (
          <section key={title} className="key-group">
            <h3>{t(title)}</h3>
            <KeyList keys={keys.map((key) => ({ keys: key.keys, words: t(key.words) }))} />
          </section>
        ))}
        <Checkbox checked={isOn} onChange={({ target }) => prefer({ keys: target.checked ? 'on' : 'off' })}>
          {t('keys.on')}
        </Checkbox>
      </div>
    </Modal>
  );
}
