import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { OperationEntry } from './entry';

export function OperationEntries({ operations }: { operations: readonly OperationFieldsFragment[] }) {
  return (
    <ul className="operations">
      {operations.map((operation) => (
        <li key={operation.id}>
          <OperationEntry operation={operation} />
        </li>
      ))}
    </ul>
  );
}
