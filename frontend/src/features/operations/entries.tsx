import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { OperationEntry } from './entry';

interface OperationEntriesProps {
  operations: readonly OperationFieldsFragment[];
  /** The ids of those that left the list while its order is held. */
  gone?: ReadonlySet<string>;
  /** A cause that the page gives already. */
  shownCause?: string;
}

export function OperationEntries({ operations, gone, shownCause }: OperationEntriesProps) {
  return (
    <ul className="operations">
      {operations.map((operation) => (
        <li key={operation.id} className={gone?.has(operation.id) ? 'gone' : undefined}>
          <OperationEntry operation={operation} shownCause={shownCause} />
        </li>
      ))}
    </ul>
  );
}
