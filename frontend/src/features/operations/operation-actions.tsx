import { Alert, Button } from 'antd';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type OperationFieldsFragment, RetryOperationDocument } from '@/graphql/generated/graphql';
import { useCommand } from '@/resource/use-command';

const CancelDialog = dynamic(() => import('./cancel-dialog').then((module) => module.CancelDialog), {
  ssr: false,
});

/** What can be done with an operation: cancel it, or try it again. */
export function OperationActions({ operation }: { operation: OperationFieldsFragment }) {
  const { t } = useTranslation();
  const retry = useCommand();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isCancelling, setIsCancelling] = useState(false);
  const { id, canCancel, canRetry, reason } = operation;
  // The same command for the same reason.
  const retryIt = async () =>
    setRefusal((await retry.run(RetryOperationDocument, { id, reason: reason ?? undefined })).refusal);
  return (
    <>
      {refusal && <Alert type="warning" showIcon title={refusal} data-testid="operation-refusal" />}
      {(canCancel || canRetry) && (
        <div className="operation-actions">
          {canCancel && (
            <Button size="small" data-testid="operation-cancel" onClick={() => setIsCancelling(true)}>
              {t('operations.cancel')}
            </Button>
          )}
          {canRetry && (
            <Button
              size="small"
              loading={retry.isLoading}
              data-testid="operation-retry"
              onClick={() => void retryIt()}
            >
              {t('operations.retry')}
            </Button>
          )}
        </div>
      )}
      {isCancelling && <CancelDialog operation={operation} close={() => setIsCancelling(false)} />}
    </>
  );
}
