import { useTranslation } from 'react-i18next';
import { OperationEntry } from '@/features/operations/entry';
import { isActive } from '@/features/operations/states';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import type { Deletion } from './api';

/** The operation that a workload comes from: the last one on it, unless it was deleted since. */
export function creationOf(
  operations: OperationFieldsFragment[] | undefined,
  deletion: Deletion | null | undefined,
): OperationFieldsFragment | null {
  const [last] = operations ?? [];
  if (last?.kind !== 'CreateWorkload') return null;
  const isDeleted = deletion && Date.parse(deletion.at) >= Date.parse(last.requestedAt);
  return isDeleted ? null : last;
}

/** A workload that the cluster has not reported yet, by the operation that creates it. */
export function Creation({ operation }: { operation: OperationFieldsFragment }) {
  const { t } = useTranslation();
  const { state, target } = operation;
  const isOnItsWay = isActive(state) || state === 'UNKNOWN';
  const words = isOnItsWay ? 'creating' : state === 'SUCCEEDED' ? 'created' : 'notCreated';
  return (
    <div className="stack">
      <p role="status">
        <strong>{t(`detail.${words}`, { name: target.name })}</strong>
      </p>
      <OperationEntry operation={operation} />
    </div>
  );
}
