import { useTranslation } from 'react-i18next';
import { valuesOf } from '@/graphql/enum';
import type { WorkloadState } from '@/graphql/generated/graphql';
import { Pill, type Tone } from '@/ui/feedback/pill';

/** Every state, the worst first. */
const states: Record<WorkloadState, { tone: Tone; isProblem?: true }> = {
  FAILED: { tone: 'bad', isProblem: true },
  UNAVAILABLE: { tone: 'bad', isProblem: true },
  ROLLOUT_STUCK: { tone: 'warn', isProblem: true },
  DEGRADED: { tone: 'warn', isProblem: true },
  UNKNOWN: { tone: 'warn' },
  PROGRESSING: { tone: 'busy' },
  DELETING: { tone: 'busy' },
  PAUSED: { tone: 'quiet' },
  RUNNING: { tone: 'good' },
  COMPLETED: { tone: 'good' },
  STOPPED: { tone: 'quiet' },
  SUSPENDED: { tone: 'quiet' },
};

export const workloadStates = valuesOf(states);
export const isProblem = (state: WorkloadState) => states[state].isProblem === true;

export function WorkloadStateTag({ state }: { state: WorkloadState }) {
  const { t } = useTranslation();
  return (
    <Pill
      tone={states[state].tone}
      state={state}
      text={t(`workloadState.${state}`)}
      data-testid="workload-state"
    />
  );
}
