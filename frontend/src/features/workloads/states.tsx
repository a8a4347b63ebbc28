import { useTranslation } from 'react-i18next';
import { valuesOf } from '@/graphql/enum';
import type { WorkloadState } from '@/graphql/generated/graphql';
import { StateTag, type Tone } from '@/ui/feedback/state-tag';

/** Every state, the worst first. */
const states: Record<WorkloadState, { tone: Tone; isProblem?: true }> = {
  FAILED: { tone: 'bad', isProblem: true },
  UNAVAILABLE: { tone: 'bad', isProblem: true },
  ROLLOUT_STUCK: { tone: 'warn', isProblem: true },
  DEGRADED: { tone: 'warn', isProblem: true },
  UNKNOWN: { tone: 'unknown' },
  PROGRESSING: { tone: 'busy' },
  DELETING: { tone: 'busy' },
  PAUSED: { tone: 'idle' },
  STOPPED: { tone: 'idle' },
  SUSPENDED: { tone: 'idle' },
  RUNNING: { tone: 'good' },
  COMPLETED: { tone: 'done' },
};

export const workloadStates = valuesOf(states);
export const isProblem = (state: WorkloadState) => states[state].isProblem === true;

export const toneOf = (state: WorkloadState) => states[state].tone;

export function WorkloadStateTag({ state }: { state: WorkloadState }) {
  const { t } = useTranslation();
  return (
    <StateTag
      tone={states[state].tone}
      state={state}
      text={t(`workloadState.${state}`)}
      data-testid="workload-state"
    />
  );
}
