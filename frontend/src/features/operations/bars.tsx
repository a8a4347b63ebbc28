import { useTranslation } from 'react-i18next';
import type { OperationDetailFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { useNow } from '@/ui/feedback/age';
import { duration } from '@/ui/feedback/times';
import { ApiCalls } from './api-calls';
import { barsOf } from './axis';
import { Calls } from './calls';
import { OperationStateTag } from './states';

/** The wait and the stages of an operation as bars on one axis of time. */
export function Bars({ operation }: { operation: OperationDetailFragment }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  return (
    <ol className="bars">
      {barsOf(operation, now).map(({ stage, state, message, tookMs, left, width, calls, ...bar }) => (
        <li key={stage ?? ''} data-testid="operation-bar" data-stage={stage ?? 'in-line'}>
          <strong>{stage ? serverWord(t, 'stage', stage) : t('operations.inLine')}</strong>
          <span className="bar-track" aria-hidden="true">
            {tookMs !== null && (
              <span
                className={stage ? `bar-${state.toLowerCase()}` : undefined}
                style={{ left: `${left}%`, width: `${width}%` }}
              />
            )}
            {calls.map((call) => (
              <i
                key={call.at}
                className={`call-mark call-${call.outcome.toLowerCase()}`}
                style={{ left: `${call.left}%` }}
              />
            ))}
          </span>
          <span className="number">{tookMs !== null && duration(tookMs, i18n.language)}</span>
          {/* A wait that is over has no outcome of its own. */}
          {stage || state !== 'SUCCEEDED' ? <OperationStateTag state={state} /> : <span />}
          {message && <span className="quiet bar-message">{message}</span>}
          <Calls calls={calls} earlier={bar.earlierCalls} />
          <ApiCalls calls={bar.apiCalls} />
        </li>
      ))}
    </ol>
  );
}
