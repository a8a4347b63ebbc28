import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { Timeline, type TimelineEntry } from '@/ui/evidence/timeline';
import { OperationEntry } from './entry';

const byOf = ({ state, actor }: OperationFieldsFragment): TimelineEntry['by'] =>
  state === 'FAILED' ? 'failure' : actor ? 'person' : 'service';

/** The operations on one object. What others changed between them is not in this list. */
export function OperationTimeline({ operations }: { operations: readonly OperationFieldsFragment[] }) {
  const entries = operations.map((operation) => ({
    key: operation.id,
    at: operation.requestedAt,
    by: byOf(operation),
    content: <OperationEntry operation={operation} />,
  }));
  return <Timeline entries={entries} />;
}
