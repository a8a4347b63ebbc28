import { QuestionCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import dynamic from 'next/dynamic';
import { usePathname, useRouter } from 'next/navigation';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClustersQuery } from '@/features/clusters/api';
import { useKeys } from '@/ui/hooks/use-keys';
import { pageKeys } from './key-table';

const KeySheet = dynamic(() => import('./key-sheet').then((module) => module.KeySheet), { ssr: false });

/** Those that can be filtered by a cluster. */
const LISTS = ['/workloads', '/pods', '/objects'];

/** The keys of every page, and the sheet that lists all. */
export function Keys() {
  const { t } = useTranslation();
  const router = useRouter();
  const pathname = usePathname();
  const [isOpen, setIsOpen] = useState(false);
  const { data: clusters } = useClustersQuery();
  /** The list that is open, with what else it is filtered by, or the workloads. */
  const toCluster = (place: number) => {
    const cluster = clusters?.[place - 1];
    if (!cluster) return false;
    const isList = LISTS.includes(pathname);
    const address = new URLSearchParams(isList ? window.location.search : '');
    address.set('cluster', cluster.id);
    router.push(`${isList ? pathname : LISTS[0]}?${address}`);
  };
  useKeys(
    [
      { ...pageKeys.all, run: () => setIsOpen(true) },
      { ...pageKeys.filter, run: () => document.querySelector<HTMLElement>('search input')?.focus() },
      { ...pageKeys.overview, run: () => router.push('/') },
      { ...pageKeys.workloads, run: () => router.push('/workloads') },
      { ...pageKeys.pods, run: () => router.push('/pods') },
      { ...pageKeys.objects, run: () => router.push('/objects') },
      { ...pageKeys.audit, run: () => router.push('/audit') },
      { ...pageKeys.clusters, run: () => router.push('/clusters') },
      { ...pageKeys.cluster, run: (pressed) => toCluster(Number(pressed)) },
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
