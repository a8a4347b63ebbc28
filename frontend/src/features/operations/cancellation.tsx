import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';
import { type Cancelled, operationsApi, pollAfter } from './api';
import { useOperationHref } from './use-operation-href';

type Ended = Pick<OperationFieldsFragment, 'id' | 'state' | 'finishedAt'>;

const { useQueryState, useQuerySubscription } = operationsApi.endpoints.cancellation;

/** What cancelled an operation: the operation itself knows only that it was. Undefined while it is not known. */
export function useCancelled({ id, state, finishedAt }: Ended): Cancelled | undefined {
  const skip = state !== 'CANCELLED';
  const { currentData: known } = useQueryState(id, { skip });
  useQuerySubscription(id, { skip, pollingInterval: known ? 0 : pollAfter(finishedAt) });
  return known ?? undefined;
}

/** Who cancelled an operation, when and why, or which newer one took its place. */
export function Cancellation({ operation }: { operation: Ended }) {
  const { t } = useTranslation();
  const known = useCancelled(operation);
  if (!known) return null;
  if (known.supersededBy !== null) return <Newer id={known.supersededBy} />;
  if (!known.actor) return null;
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

function Newer({ id }: { id: string }) {
  const { t } = useTranslation();
  const href = useOperationHref(id);
  return (
    <div data-testid="operation-superseded">
      <Link href={href} prefetch={false} scroll={false}>
        {t('operations.supersededBy')}
      </Link>
    </div>
  );
}
