import { useTranslation } from 'react-i18next';
import { valuesOf } from '@/graphql/enum';
import type { ObjectState } from '@/graphql/generated/graphql';
import { StateTag, type Tone } from '@/ui/feedback/state-tag';

/** Every state, the worst first. */
const states: Record<ObjectState, { tone: Tone; isProblem?: true }> = {
  FAILED: { tone: 'bad', isProblem: true },
  DEGRADED: { tone: 'warn', isProblem: true },
  PROGRESSING: { tone: 'busy' },
  DELETING: { tone: 'busy' },
  UNKNOWN: { tone: 'unknown' },
  INACTIVE: { tone: 'idle' },
  READY: { tone: 'good' },
};

export const objectStates = valuesOf(states);
export const isProblem = (state: ObjectState) => states[state].isProblem === true;

export const toneOf = (state: ObjectState) => states[state].tone;

export function ObjectStateTag({ state }: { state: ObjectState }) {
  const { t } = useTranslation();
  return (
    <StateTag
      tone={toneOf(state)}
      state={state}
      text={t(`objectState.${state}`)}
      data-testid="object-state"
    />
  );
}
