import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { useCancelled } from './cancellation';
import { OperationStateTag } from './states';

/** The state of an operation. One that a newer one ended is not called cancelled. */
export function StateOf({
  operation,
}: {
  operation: Pick<OperationFieldsFragment, 'id' | 'state' | 'finishedAt'>;
}) {
  const isSuperseded = useCancelled(operation)?.supersededBy != null;
  return <OperationStateTag state={operation.state} isSuperseded={isSuperseded} />;
}
