import { useTranslation } from 'react-i18next';
import type { OperationState, WorkloadState } from '@/graphql/generated/graphql';

type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

const workloadTones: Record<WorkloadState, Tone> = {
  RUNNING: 'good',
  COMPLETED: 'good',
  PROGRESSING: 'busy',
  DELETING: 'busy',
  DEGRADED: 'warn',
  FAILED: 'bad',
  UNKNOWN: 'warn',
  STOPPED: 'quiet',
  SUSPENDED: 'quiet',
};

const operationTones: Record<OperationState, Tone> = {
  QUEUED: 'quiet',
  RUNNING: 'busy',
  SUCCEEDED: 'good',
  FAILED: 'bad',
  CANCELLED: 'quiet',
  UNKNOWN: 'warn',
};

export function WorkloadStateTag({ state }: { state: WorkloadState }) {
  const { t } = useTranslation();
  return (
    <Pill
      tone={workloadTones[state]}
      state={state}
      text={t(`workloadState.${state}`)}
      testId="workload-state"
    />
  );
}

export function OperationStateTag({ state }: { state: OperationState }) {
  const { t } = useTranslation();
  return (
    <Pill
      tone={operationTones[state]}
      state={state}
      text={t(`operationState.${state}`)}
      testId="operation-state"
    />
  );
}

function Pill({ tone, state, text, testId }: { tone: Tone; state: string; text: string; testId: string }) {
  return (
    <span className={`pill pill-${tone}`} data-state={state} data-testid={testId}>
      <span className="pill-dot" aria-hidden="true" />
      {text}
    </span>
  );
}
