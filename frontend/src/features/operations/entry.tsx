import { Alert, Button } from 'antd';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { workloadPath } from '@/features/workloads/path';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/server-words';
import { useSettle } from '@/resource/settle';
import { Age } from '@/ui/feedback/age';
import { OperationStateTag } from '@/ui/feedback/state-tag';
import { useCancelOperationMutation, useRetryOperationMutation } from './api';
import { Stages, seconds } from './stages';

export function OperationEntry({ operation }: { operation: OperationFieldsFragment }) {
  const { t } = useTranslation();
  const [cancel, cancelling] = useCancelOperationMutation();
  const [retry, retrying] = useRetryOperationMutation();
  const [refusal, setRefusal] = useState<string | null>(null);
  const settle = useSettle();
  const { id, state, target, progress, stage, error, startedAt, finishedAt } = operation;
  const running = state === 'RUNNING' || state === 'QUEUED';
  const under = operation.stages.find((one) => one.state === 'RUNNING' || one.state === 'UNKNOWN');
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
        <strong>{serverWord(t, 'operationKind', operation.kind)}</strong>
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
        · {operation.actor?.displayName ?? t('component.system')} · <Age at={operation.requestedAt} />
        {startedAt && finishedAt && ` · ${t('operations.took', { seconds: seconds(startedAt, finishedAt) })}`}
      </div>
      {running && <progress max={100} value={progress} aria-label={t('operations.progress')} />}
      {(running || state === 'UNKNOWN' || state === 'CANCELLED') && (under || stage) && (
        <div>
          {under && serverWord(t, 'stage', under.name)}
          {stage && (
            <span className="quiet" lang="en">
              {under && ' · '}
              {stage}
            </span>
          )}
        </div>
      )}
      {operation.reason && (
        <div className="quiet">{t('operations.reason', { reason: operation.reason })}</div>
      )}
      {error && (
        <div className="bad-text">
          {serverWord(t, 'failure', error.code)}: <span lang="en">{error.message}</span>
        </div>
      )}
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
