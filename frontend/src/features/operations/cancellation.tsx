import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';
import { operationsApi, pollAfter } from './api';
import { useOperationHref } from './use-operation-href';

type Ended = Pick<OperationFieldsFragment, 'id' | 'finishedAt' | 'supersededBy'>;

const { useQueryState, useQuerySubscription } = operationsApi.endpoints.cancellation;

/** Who cancelled an operation, when and why, or which newer one took its place. */
export function Cancellation({ operation }: { operation: Ended }) {
  const { supersededBy } = operation;
  return supersededBy === null ? <Canceller operation={operation} /> : <Newer id={supersededBy} />;
}

/** The operation itself knows only that it was cancelled. Nothing while the rest is not known. */
function Canceller({ operation: { id, finishedAt } }: { operation: Ended }) {
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
