import { useOperationQuery } from '@/features/operations/api';
import { isActive, OperationStateTag } from '@/features/operations/states';
import type { AuditRowFragment } from '@/graphql/generated/graphql';

/** What came of an operation. Until it is over it is followed, as the event that requested it stays as it is. */
export function Outcome({ operation }: { operation: NonNullable<AuditRowFragment['operation']> }) {
  const { id, state, supersededBy } = operation;
  const isOver = !isActive(state) && state !== 'UNKNOWN';
  const { currentData } = useOperationQuery(id, { skip: isOver });
  const now = currentData?.operation ?? { state, supersededBy };
  return <OperationStateTag state={now.state} isSuperseded={now.supersededBy !== null} />;
}
