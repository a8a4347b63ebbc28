import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';
import { operationsApi, pollAfter } from './api';

type Cancelled = Pick<OperationFieldsFragment, 'id' | 'finishedAt'>;

const { useQueryState, useQuerySubscription } = operationsApi.endpoints.cancellation;

/** Who cancelled an operation, when and why: the operation itself knows only that it was cancelled. */
export function Cancellation({ operation: { id, finishedAt } }: { operation: Cancelled }) {
  const { t } = useTranslation();
  const { currentData: known } = useQueryState(id);
  useQuerySubscription(id, { pollingInterval: known ? 0 : pollAfter(finishedAt) });
  if (!known?.actor) return null;
  return (
    <div data-testid="operation-cancellation">
      {t('operations.cancelledBy', { name: known.actor.displayName })}
      <span className="quiet">
        {' · '}
        <Age at={known.recordedAt} />
        {known.reason && ` · ${t('operations.reason', { reason: known.reason })}`}
      </span>
    </div>
  );
}
