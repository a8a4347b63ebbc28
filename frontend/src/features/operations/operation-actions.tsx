import { Button } from 'antd';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';

const CancelDialog = dynamic(() => import('./cancel-dialog').then((module) => module.CancelDialog), {
  ssr: false,
});
const RetryDialog = dynamic(() => import('./retry-dialog').then((module) => module.RetryDialog), {
  ssr: false,
});

/** What can be done with an operation: cancel it, or try it again. */
export function OperationActions({ operation }: { operation: OperationFieldsFragment }) {
  const { t } = useTranslation();
  const [asks, setAsks] = useState<'cancel' | 'retry' | null>(null);
  const { canCancel, canRetry } = operation;
  const close = () => setAsks(null);
  return (
    <>
      {(canCancel || canRetry) && (
        <div className="operation-actions">
          {canCancel && (
            <Button size="small" data-testid="operation-cancel" onClick={() => setAsks('cancel')}>
              {t('operations.cancel')}
            </Button>
          )}
          {canRetry && (
            <Button size="small" data-testid="operation-retry" onClick={() => setAsks('retry')}>
              {t('operations.retry')}
            </Button>
          )}
        </div>
      )}
      {asks === 'cancel' && <CancelDialog operation={operation} close={close} />}
      {asks === 'retry' && <RetryDialog operation={operation} close={close} />}
    </>
  );
}
