import { useTranslation } from 'react-i18next';
import { OperationEntry } from '@/features/operations/entry';
import { isActive } from '@/features/operations/states';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';

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
