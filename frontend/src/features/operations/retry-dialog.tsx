import { Alert } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import {
  type OperationFieldsFragment,
  type RetryFactsQuery,
  RetryOperationDocument,
} from '@/graphql/generated/graphql';
import { useCommand } from '@/resource/use-command';
import { Confirmation } from '@/ui/feedback/confirmation';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useOpener } from '@/ui/hooks/use-opener';
import { targetId, useRetryFactsQuery } from './api';
import { nowWords } from './now-words';
import { requestedReplicas } from './requested-replicas';
import { retryWords } from './retry-words';

const REREAD_MS = 5_000;

interface RetryDialogProps {
  operation: OperationFieldsFragment;
  close: () => void;
}

/** Asks before an operation is tried again, as its action asks: what it does to the object as that is now. */
export function RetryDialog({ operation, close }: RetryDialogProps) {
  const { t } = useTranslation();
  const command = useCommand();
  const leave = useOpener(close);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { id, kind, target } = operation;
  const { currentData, error, refetch } = useRetryFactsQuery(
    { operation: id, workload: targetId(target) },
    { pollingInterval: REREAD_MS },
  );
  const stopsAll =
    kind === 'ScaleWorkload' &&
    currentData &&
    requestedReplicas(currentData.auditEvents.nodes[0]?.payload) === 0;
  const isFinal = kind === 'DeleteWorkload';
  const confirm = async (reason: string | null) => {
    const answered = await command.run(RetryOperationDocument, { id, reason });
    if (answered.accepted) leave();
    else setRefusal(answered.refusal);
  };
  return (
    <Confirmation
      name="retry"
      words={retryWords(t, operation, currentData)}
      deletes={isFinal ? target.name : undefined}
      isDangerous={isFinal || kind === 'StopWorkload' || stopsAll}
      // Nobody confirms what it does to an object that they have not seen.
      isBlocked={!currentData}
      isLoading={command.isLoading}
      confirm={(reason) => void confirm(reason)}
      leave={leave}
      refusal={refusal && <Alert type="warning" showIcon title={refusal} data-testid="operation-refusal" />}
    >
      {error && <Problem error={error as GraphqlError} retry={refetch} />}
      {!currentData && !error && <Loading lines={1} retry={refetch} />}
      {currentData && <Now name={target.name} kind={target.kind} workload={currentData.workload} />}
      {stopsAll && <Alert type="warning" showIcon title={t('command.scale.zero', { name: target.name })} />}
    </Confirmation>
  );
}

interface NowProps {
  name: string;
  kind: string;
  workload: RetryFactsQuery['workload'];
}

function Now({ name, kind, workload }: NowProps) {
  const { t } = useTranslation();
  const words = workload ? nowWords(t, kind, workload) : t('operations.retryGone', { name });
  return <Alert type="info" showIcon title={words} data-testid="retry-now" />;
}
