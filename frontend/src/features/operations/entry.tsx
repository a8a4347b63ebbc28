import { Alert, Button } from 'antd';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Cause } from '@/features/causes/cause';
import { type OperationFieldsFragment, RetryOperationDocument } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { objectPath } from '@/resource/path';
import { useCommand } from '@/resource/use-command';
import { Age } from '@/ui/feedback/age';
import { Cancellation } from './cancellation';
import { Overtaken } from './overtaken';
import { Stages, seconds } from './stages';
import { isActive, OperationStateTag } from './states';

const CancelDialog = dynamic(() => import('./cancel-dialog').then((module) => module.CancelDialog), {
  ssr: false,
});

export function OperationEntry({ operation }: { operation: OperationFieldsFragment }) {
  const { t } = useTranslation();
  const retry = useCommand();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isCancelling, setIsCancelling] = useState(false);
  const { id, state, target, progress, stage, cause, error, startedAt, finishedAt } = operation;
  const running = isActive(state);
  const under = operation.stages.find((one) => one.state === 'RUNNING' || one.state === 'UNKNOWN');
  // The same command for the same reason.
  const retryIt = async () =>
    setRefusal(
      (await retry.run(RetryOperationDocument, { id, reason: operation.reason ?? undefined })).refusal,
    );

  return (
    <div
      className="operation"
      data-testid="operation-entry"
      data-kind={operation.kind}
      data-state={state}
      data-target={target.name}
    >
      <div className="operation-head">
        <strong>{serverWord(t, 'operationKind', operation.kind)}</strong>
        <OperationStateTag state={state} />
      </div>
      <div className="quiet">
        {target.workload ? (
          <Link href={objectPath('workloads', target.workload.id)} prefetch={false}>
            {target.namespace}/{target.name}
          </Link>
        ) : (
          <span>{[target.namespace, target.name].filter(Boolean).join('/')}</span>
        )}{' '}
        · {operation.actor?.displayName ?? t('component.system')} · <Age at={operation.requestedAt} />
        {startedAt && finishedAt && ` · ${t('operations.took', { seconds: seconds(startedAt, finishedAt) })}`}
      </div>
      {running && <progress max={100} value={progress} aria-label={t('operations.progress')} />}
      {(running || state === 'UNKNOWN' || state === 'CANCELLED') && (under || stage) && (
        <div>
          {under && serverWord(t, 'stage', under.name)}
          {stage && (
            <span className="quiet">
              {under && ' · '}
              {stage}
            </span>
          )}
        </div>
      )}
      {state === 'CANCELLED' && <Cancellation operation={operation} />}
      {state === 'OVERTAKEN' && <Overtaken operation={operation} />}
      {operation.reason && (
        <div className="quiet">{t('operations.reason', { reason: operation.reason })}</div>
      )}
      {error && (
        <div className="bad-text">
          {serverWord(t, 'failure', error.code)}
          {error.message !== cause?.message.text && `: ${error.message}`}
        </div>
      )}
      {cause && (running || state === 'UNKNOWN' || state === 'FAILED') && (
        <Cause cause={cause} workload={target.workload?.id} />
      )}
      {operation.stages.length > 0 && <Stages stages={operation.stages} />}
      {refusal && <Alert type="warning" showIcon title={refusal} data-testid="operation-refusal" />}
      {(operation.canCancel || operation.canRetry) && (
        <div className="operation-actions">
          {operation.canCancel && (
            <Button size="small" data-testid="operation-cancel" onClick={() => setIsCancelling(true)}>
              {t('operations.cancel')}
            </Button>
          )}
          {operation.canRetry && (
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
    </div>
  );
}
