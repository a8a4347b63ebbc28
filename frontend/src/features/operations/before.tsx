import { useTranslation } from 'react-i18next';
import type {
  BeforeOperationQuery,
  ChangeFieldsFragment,
  OperationFieldsFragment,
} from '@/graphql/generated/graphql';
import { Timeline } from '@/ui/evidence/timeline';
import { type Revision, targetId, useBeforeOperationQuery, useChangesOfTargetQuery } from './api';
import { changeEntry } from './recorded-change';

/** More than these are in the record of the object. */
const SHOWN = 3;

type Earlier = BeforeOperationQuery['operations']['nodes'][number];

/** What was done to the object before an operation: earlier operations, and changes by others. The newest first. */
export function changesBefore(
  { id, requestedAt, target }: Pick<OperationFieldsFragment, 'id' | 'requestedAt' | 'target'>,
  operations: readonly Earlier[],
  revisions: readonly Revision[],
): ChangeFieldsFragment[] {
  const change = { objectId: targetId(target), isDeletion: false, operation: null, revision: null };
  const isBefore = (at: string) => Date.parse(at) < Date.parse(requestedAt);
  const requested = operations
    .filter((operation) => operation.id !== id && isBefore(operation.requestedAt))
    .map((operation) => ({ ...change, at: operation.requestedAt, operation }));
  // Controllers write small things all the time.
  const byOthers = revisions
    .filter(({ operation, changes }) => !operation && changes.some(({ important }) => important))
    .filter(({ recordedAt }) => isBefore(recordedAt))
    .map((revision) => ({ ...change, at: revision.recordedAt, revision }));
  const all: ChangeFieldsFragment[] = [...requested, ...byOthers];
  return all.sort((one, other) => Date.parse(other.at) - Date.parse(one.at)).slice(0, SHOWN);
}

export function Before({ operation }: { operation: OperationFieldsFragment }) {
  const { t } = useTranslation();
  const { target, requestedAt } = operation;
  const earlier = useBeforeOperationQuery({ target: targetId(target), until: requestedAt });
  const workload = target.workload?.id;
  const revisions = useChangesOfTargetQuery(workload ?? '', { skip: !workload });
  const isKnown = earlier.currentData && (revisions.currentData ?? revisions.error ?? !workload);
  if (!isKnown) return null;
  const changes = changesBefore(operation, earlier.currentData ?? [], revisions.currentData ?? []);
  return (
    <section aria-labelledby="operation-before" data-testid="operation-before">
      <h2 id="operation-before">{t('operations.before')}</h2>
      {changes.length > 0 ? (
        <Timeline entries={changes.map(changeEntry)} />
      ) : (
        <p className="quiet">{t('operations.nothingBefore')}</p>
      )}
    </section>
  );
}
