import { BellOutlined } from '@ant-design/icons';
import { Badge, Button } from 'antd';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { latestOperations, useOperationsQuery } from './api';
import { useFailures } from './failures';
import { isActive } from './states';

const TrayDrawer = dynamic(() => import('./tray-drawer'), { ssr: false });

/** The latest operations and their outcomes. They are read from the server, so a reload loses none. */
export function OperationsTray() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  const { data } = useOperationsQuery(latestOperations);
  useFailures(data?.nodes);
  const active = data?.nodes.filter(({ state }) => isActive(state)).length ?? 0;
  const show = () => {
    setWasOpened(true);
    setOpen(true);
  };
  return (
    <>
      <Badge count={active} size="small" color="var(--primary)" offset={[-6, 7]}>
        <Button
          type="text"
          icon={<BellOutlined />}
          onClick={show}
          aria-label={t('tray.open', { count: active })}
          title={t('tray.open', { count: active })}
          data-testid="tray-open"
          data-active={active}
        />
      </Badge>
      {wasOpened && <TrayDrawer open={open} close={() => setOpen(false)} />}
    </>
  );
}
