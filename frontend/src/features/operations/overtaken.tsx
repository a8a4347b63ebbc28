import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { isAfter } from '@/graphql/position';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { operationsApi, pollAfter, type Revision } from './api';

type Ended = Pick<
  OperationFieldsFragment,
  'overtakenBy' | 'stage' | 'requestedPosition' | 'finishedAt' | 'target'
>;

const { useQueryState, useQuerySubscription } = operationsApi.endpoints.changesOfTarget;

/** How much later than the end of the operation the watch may record the change that ended it. */
const RECORDED_WITHIN_MS = 10_000;

/** The recorded change that overtook an operation: the last one by others before its end. */
export function overtakingChange(
  { overtakenBy, requestedPosition, finishedAt }: Omit<Ended, 'target' | 'stage'>,
  newestFirst: readonly Revision[],
): Revision | undefined {
  const end = Date.parse(finishedAt ?? '') + RECORDED_WITHIN_MS;
  return newestFirst.find(
    ({ position, recordedAt, managers, operation, changes }) =>
      !operation &&
      changes.length > 0 &&
      isAfter(position, requestedPosition) &&
      Date.parse(recordedAt) <= end &&
      (!overtakenBy || managers.includes(overtakenBy)),
  );
}

/** Who overtook an operation, and the fields that they changed. */
export function Overtaken({ operation }: { operation: Ended }) {
  const { t } = useTranslation();
  const { overtakenBy, stage, target } = operation;
  return (
    <div data-testid="operation-overtaken">
      <div className="warn-text">
        {overtakenBy
          ? t('operations.overtaken', { manager: overtakenBy, change: stage })
          : t('operations.overtakenByUnknown', { change: stage })}
      </div>
      {target.workload && <Fields operation={operation} workload={target.workload.id} />}
    </div>
  );
}

function Fields({ operation, workload }: { operation: Ended; workload: string }) {
  const { data } = useQueryState(workload);
  const change = overtakingChange(operation, data ?? []);
  useQuerySubscription(workload, { pollingInterval: change ? 0 : pollAfter(operation.finishedAt) });
  return change ? <FieldChanges changes={change.changes} /> : null;
}
