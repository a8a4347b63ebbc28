import { QuestionCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '@/ui/hooks/use-keys';

const KeySheet = dynamic(() => import('./key-sheet').then((module) => module.KeySheet), { ssr: false });

/** The keys of every page, and the sheet that lists them. Who speaks to the computer can turn them off. */
export function Keys() {
  const { t } = useTranslation();
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  const bindings = [
    { keys: ['?'], words: t('keys.all'), run: () => setIsOpen(true) },
    {
      keys: ['/'],
      words: t('keys.filter'),
      run: () => document.querySelector<HTMLElement>('search input')?.focus(),
    },
    { keys: ['g', 'o'], words: t('keys.overview'), run: () => router.push('/') },
    { keys: ['g', 'w'], words: t('keys.workloads'), run: () => router.push('/workloads') },
    { keys: ['g', 'p'], words: t('keys.pods'), run: () => router.push('/pods') },
    { keys: ['g', 'a'], words: t('keys.audit'), run: () => router.push('/audit') },
  ];
  // A list and the page of an object have these themselves.
  const elsewhere = [
    { keys: ['j'], words: t('keys.next') },
    { keys: ['k'], words: t('keys.previous') },
    { keys: ['x'], words: t('keys.select') },
    { keys: ['Enter'], words: t('keys.open') },
    { keys: ['['], words: t('neighbours.previous') },
    { keys: [']'], words: t('neighbours.next') },
    { keys: ['Esc'], words: t('keys.close') },
  ];
  useKeys(bindings, !isOpen);
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
      {isOpen && <KeySheet keys={[...bindings, ...elsewhere]} close={() => setIsOpen(false)} />}
    </>
  );
}
