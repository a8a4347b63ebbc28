import { Drawer } from 'antd';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { objectPath } from '@/resource/path';
import { Copy } from '@/ui/controls/copy';
import { OperationBody, useOperationTitle } from './operation-body';

interface OperationDrawerProps {
  /** Null while it is closed. */
  id: string | null;
  close: () => void;
}

export default function OperationDrawer({ id, close }: OperationDrawerProps) {
  const { t } = useTranslation();
  // While it closes it shows what it showed.
  const [last, setLast] = useState(id);
  if (id && id !== last) setLast(id);
  const title = useOperationTitle(last);
  const page = last && objectPath('operations', last);
  return (
    <Drawer
      open={id !== null}
      onClose={close}
      title={title}
      size="min(760px, 100vw)"
      extra={
        page && (
          <span className="operation-actions">
            <Copy text={location.origin + page} />
            <Link href={page} prefetch={false}>
              {t('operations.page')}
            </Link>
          </span>
        )
      }
    >
      {last && <OperationBody id={last} />}
    </Drawer>
  );
}
