import { Alert, Button } from 'antd';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/age';
import { useSettle } from '@/ui/settle';
import { OperationStateTag } from '@/ui/state-tag';
import { workloadPath } from '../workloads/path';
import { useCancelOperationMutation, useRetryOperationMutation } from './endpoints';
import { operationName } from './operation-name';
import { Stages } from './stages';

export function OperationEntry({ operation }: { operation: OperationFieldsFragment }) {
  const { t } = useTranslation();
  const [cancel, cancelling] = useCancelOperationMutation();
  const [retry, retrying] = useRetryOperationMutation();
  const [refusal, setRefusal] = useState<string | null>(null);
  const settle = useSettle();
  const { id, state, target, progress, stage, error } = operation;
  const running = state === 'RUNNING' || state === 'QUEUED';
  const input = () => ({ id, idempotencyKey: settle.key(id) });
  const show = ({ refusal: refused }: { refusal: string | null }) => setRefusal(refused);

  return (
    <li
      className="operation"
      data-testid="operation-entry"
      data-kind={operation.kind}
      data-state={state}
      data-target={target.name}
    >
      <div className="operation-head">
        <strong>{operationName(t, operation.kind)}</strong>
        <OperationStateTag state={state} />
      </div>
      <div className="quiet">
        {target.workload ? (
          <Link href={workloadPath(target.workload.id)} prefetch={false}>
            {target.namespace}/{target.name}
          </Link>
        ) : (
          <span>{[target.namespace, target.name].filter(Boolean).join('/')}</span>
        )}{' '}
        · {operation.actor?.displayName ?? t('operations.system')} · <Age at={operation.requestedAt} />
      </div>
      {running && <progress max={100} value={progress} aria-label={t('operations.progress')} />}
      {stage && <div className="stage">{stage}</div>}
      {operation.reason && (
        <div className="quiet">{t('operations.reason', { reason: operation.reason })}</div>
      )}
      {error && <div className="bad-text">{error.message}</div>}
      {operation.stages.length > 0 && <Stages stages={operation.stages} />}
      {refusal && <Alert type="warning" showIcon title={refusal} data-testid="operation-refusal" />}
      {(operation.canCancel || operation.canRetry) && (
        <div className="operation-actions">
          {operation.canCancel && (
            <Button
              size="small"
              loading={cancelling.isLoading}
              data-testid="operation-cancel"
              onClick={async () => show(settle.read(await cancel(input())))}
            >
              {t('operations.cancel')}
            </Button>
          )}
          {operation.canRetry && (
            <Button
              size="small"
              loading={retrying.isLoading}
              data-testid="operation-retry"
              onClick={async () => show(settle.read(await retry(input())))}
            >
              {t('operations.retry')}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
