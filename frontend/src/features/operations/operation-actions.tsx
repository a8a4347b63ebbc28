import { Button } from 'antd';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { useOffer } from '@/resource/offered';
import { LinkButton } from '@/ui/controls/link-button';

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

/** What can be done with an operation: cancel it, try it again, or create the object from another manifest. */
export function OperationActions({ operation, isOpen }: OperationActionsProps) {
  const { t } = useTranslation();
  const [asks, setAsks] = useState<'cancel' | 'retry' | null>(null);
  const { id, kind, state, target, canCancel, canRetry } = operation;
  // An object that is there cannot be created again.
  const isCorrectable = kind === 'CreateWorkload' && state === 'FAILED' && !target.workload;
  const close = () => setAsks(null);
  const what = t('command.act', { verb: serverWord(t, 'operationKind', kind), name: target.name });
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
      {(canCancel || canRetry || isCorrectable) && (
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
          {isCorrectable && (
            <LinkButton size="small" href={`/workloads/new?${new URLSearchParams({ from: id })}`}>
              {t('operations.correct')}
            </LinkButton>
          )}
        </div>
      )}
      {asks === 'cancel' && <CancelDialog operation={operation} close={close} />}
      {asks === 'retry' && <RetryDialog operation={operation} close={close} />}
    </>
  );
}
