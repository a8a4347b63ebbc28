import { Drawer } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { serverWord } from '@/language/texts';
import { Empty } from '@/ui/feedback/empty';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useOperationQuery } from './api';
import { OperationDetail } from './operation-detail';

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
  const { currentData, error, refetch } = useOperationQuery(last ?? '', { skip: !last });
  const operation = currentData?.operation;
  const title = operation
    ? t('command.act', { verb: serverWord(t, 'operationKind', operation.kind), name: operation.target.name })
    : t('operations.one');
  return (
    <Drawer open={id !== null} onClose={close} title={title} size="min(760px, 100vw)">
      {error && <Problem error={error as GraphqlError} retry={refetch} />}
      {!error && !currentData && <Loading retry={refetch} />}
      {currentData && !operation && <Empty text={t('operations.missing')} />}
      {operation && <OperationDetail operation={operation} />}
    </Drawer>
  );
}
