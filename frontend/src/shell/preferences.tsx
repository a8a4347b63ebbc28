import { SettingOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const PreferencesPanel = dynamic(
  () => import('./preferences-panel').then((module) => module.PreferencesPanel),
  { ssr: false },
);

/** Opens what a person can choose for all pages. */
export function Preferences() {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        type="text"
        icon={<SettingOutlined />}
        aria-label={t('preferences.title')}
        title={t('preferences.title')}
        data-testid="preferences"
        onClick={() => setIsOpen(true)}
      />
      {isOpen && <PreferencesPanel close={() => setIsOpen(false)} />}
    </>
  );
}
