import { Button } from 'antd';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { useOffer } from '@/resource/offered';

const CancelDialog = dynamic(() => import('./cancel-dialog').then((module) => module.CancelDialog), {
  ssr: false,
});
const RetryDialog = dynamic(() => import('./retry-dialog').then((module) => module.RetryDialog), {
  ssr: false,
});

interface OperationActionsProps {
  operation: OperationFieldsFragment;
  /** Whether it is the one that is open, and not one of a list. */
  isOpen?: boolean;
}

/** What can be done with an operation: cancel it, or try it again. */
export function OperationActions({ operation, isOpen }: OperationActionsProps) {
  const { t } = useTranslation();
  const [asks, setAsks] = useState<'cancel' | 'retry' | null>(null);
  const { canCancel, canRetry } = operation;
  const close = () => setAsks(null);
  const verb = serverWord(t, 'operationKind', operation.kind);
  const what = t('command.act', { verb, name: operation.target.name });
  const offers = (['cancel', 'retry'] as const).filter((one) => (one === 'cancel' ? canCancel : canRetry));
  useOffer(
    (isOpen ? offers : []).map((name) => ({
      name: `operation-${name}`,
      words: t('list.actionsOf', { action: t(`operations.${name}`), name: what }),
      refusal: null,
      open: () => setAsks(name),
    })),
  );
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
