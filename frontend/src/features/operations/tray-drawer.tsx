import { Drawer } from 'antd';
import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { WindowRows } from '@/resource/window-rows';
import { latestOperations, useOperationsQuery } from './api';
import { OperationEntries } from './entries';

export default function TrayDrawer({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useOperationsQuery(latestOperations);
  return (
    <Drawer
      open={open}
      onClose={close}
      title={t('tray.title')}
      size="min(440px, 100vw)"
      extra={
        <Link href="/operations" prefetch={false} onClick={close}>
          {t('tray.all')}
        </Link>
      }
    >
      <div data-testid="tray">
        <WindowRows rows={data?.nodes} error={error} retry={refetch} empty={t('operations.none')}>
          {(operations) => <OperationEntries operations={operations} />}
        </WindowRows>
      </div>
    </Drawer>
  );
}
