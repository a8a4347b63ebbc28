import { useTranslation } from 'react-i18next';
import { Cause } from '@/features/causes/cause';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { Cancellation } from './cancellation';
import { Overtaken } from './overtaken';
import { isActive } from './states';

interface OutcomeProps {
  operation: OperationFieldsFragment;
  /** A cause that the page gives already. */
  shownCause?: string;
}

/** What is in the way of an operation, or how it ended other than by success. */
export function Outcome({ operation, shownCause }: OutcomeProps) {
  const { t } = useTranslation();
  const { state, error, cause, target } = operation;
  const isBlocking = cause && (isActive(state) || state === 'UNKNOWN' || state === 'FAILED');
  return (
    <>
      {state === 'CANCELLED' && <Cancellation operation={operation} />}
      {state === 'OVERTAKEN' && <Overtaken operation={operation} />}
      {error && (
        <div className="bad-text">
          {serverWord(t, 'failure', error.code)}
          {error.message !== cause?.message.text && `${t('mark.colon')}${error.message}`}
        </div>
      )}
      {isBlocking && cause.message.text !== shownCause && (
        <Cause cause={cause} workload={target.workload?.id} />
      )}
    </>
  );
}
