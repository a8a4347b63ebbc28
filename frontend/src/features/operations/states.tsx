import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { valuesOf } from '@/graphql/enum';
import type { OperationState } from '@/graphql/generated/graphql';
import { StateTag, type Tone } from '@/ui/feedback/state-tag';

/** Every state, in the order in which an operation may go through them. */
const states: Record<OperationState, { tone: Tone; isActive?: true; isProblem?: true }> = {
  QUEUED: { tone: 'idle', isActive: true },
  RUNNING: { tone: 'busy', isActive: true },
  SUCCEEDED: { tone: 'good' },
  FAILED: { tone: 'bad', isProblem: true },
  OVERTAKEN: { tone: 'idle' },
  CANCELLED: { tone: 'idle' },
  UNKNOWN: { tone: 'unknown', isProblem: true },
};

export const operationStates = valuesOf(states);
/** Whether it waits for its turn or runs. */
export const isActive = (state: OperationState) => states[state].isActive === true;
/** Those of an operation that waits or runs, or whose outcome is still to be found out. */
export const inFlightStates = operationStates.filter((state) => isActive(state) || state === 'UNKNOWN');
/** Whether a person has to look at it. */
export const isProblem = (state: OperationState) => states[state].isProblem === true;

/** The state as a person reads it: an operation that a newer one ended was not cancelled by anybody. */
export function stateWord(t: TFunction, state: OperationState, isSuperseded: boolean): string {
  return isSuperseded ? t('operations.superseded') : t(`operationState.${state}`);
}

interface OperationStateTagProps {
  state: OperationState;
  /** Whether it was not a person who cancelled it, but a newer operation. */
  isSuperseded?: boolean;
}

export function OperationStateTag({ state, isSuperseded = false }: OperationStateTagProps) {
  const { t } = useTranslation();
  return (
    <StateTag
      tone={states[state].tone}
      state={state}
      text={stateWord(t, state, isSuperseded)}
      data-testid="operation-state"
    />
  );
}
