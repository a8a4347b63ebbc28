import { QuestionCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '@/ui/hooks/use-keys';
import { pageKeys } from './key-table';

const KeySheet = dynamic(() => import('./key-sheet').then((module) => module.KeySheet), { ssr: false });

/** The keys of every page, and the sheet that lists all. */
export function Keys() {
  const { t } = useTranslation();
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  useKeys(
    [
      { ...pageKeys.all, run: () => setIsOpen(true) },
      { ...pageKeys.filter, run: () => document.querySelector<HTMLElement>('search input')?.focus() },
      { ...pageKeys.overview, run: () => router.push('/') },
      { ...pageKeys.workloads, run: () => router.push('/workloads') },
      { ...pageKeys.pods, run: () => router.push('/pods') },
      { ...pageKeys.audit, run: () => router.push('/audit') },
    ],
    !isOpen,
  );
  return (
    <>
      <Button
        type="text"
        icon={<QuestionCircleOutlined />}
        aria-label={t('keys.title')}
        title={t('keys.title')}
        data-testid="keys"
        onClick={() => setIsOpen(true)}
      />
      {isOpen && <KeySheet close={() => setIsOpen(false)} />}
    </>
  );
}
