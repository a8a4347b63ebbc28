import { useTranslation } from 'react-i18next';
import { ObjectLink } from '@/features/causes/object-link';
import type { ChangeFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { FieldChanges } from '@/ui/evidence/field-changes';
import type { TimelineEntry } from '@/ui/evidence/timeline';
import { Age } from '@/ui/feedback/age';
import { arePeople } from './managers';
import { OperationStateTag } from './states';

/** More fields than these are folded. */
const FIELDS = 3;

interface RecordedChangeProps {
  change: ChangeFieldsFragment;
  /** Whether its time stands beside it. */
  isTimed?: boolean;
}

/** Who changed what, and when: an operation with its reason, or the fields that others changed. */
export function RecordedChange({ change, isTimed }: RecordedChangeProps) {
  const { t } = useTranslation();
  const { at, objectId, operation, revision } = change;
  const verb = operation ? serverWord(t, 'operationKind', operation.kind) : t(byOthers(change));
  return (
    <div className="recorded-change sentence">
      <strong>{useAuthor(change)}</strong> · {verb} <ObjectLink id={objectId} isPlaced isRecorded />
      {operation?.state === 'FAILED' && <OperationStateTag state="FAILED" />}
      <span className="quiet">
        {!isTimed && (
          <>
            {' · '}
            <Age at={at} />
          </>
        )}
        {operation?.reason && ` · ${t('operations.reason', { reason: operation.reason })}`}
      </span>
      {revision && <FieldChanges changes={revision.changes} limit={FIELDS} />}
    </div>
  );
}

function byOthers({ isDeletion, revision }: ChangeFieldsFragment) {
  if (isDeletion) return 'problems.deleted';
  // The first record of an object is a change only if the object was just made.
  return revision?.changes.length === 0 ? 'problems.created' : 'problems.changed';
}

function useAuthor({ isDeletion, operation, revision }: ChangeFieldsFragment): string {
  const { t } = useTranslation();
  if (isDeletion) return t('problems.outside');
  if (revision) return revision.managers.join(t('mark.comma')) || t('revisions.unknownManager');
  return operation?.actor?.displayName ?? t('component.system');
}

/** The same as an entry of a line of time. */
export function changeEntry(change: ChangeFieldsFragment): TimelineEntry {
  const { at, objectId, operation, revision } = change;
  const isByPerson = revision ? arePeople(revision.managers) : Boolean(operation?.actor);
  return {
    key: `${objectId} ${at}`,
    at,
    by: operation?.state === 'FAILED' ? 'failure' : isByPerson ? 'person' : 'service',
    content: <RecordedChange change={change} isTimed />,
  };
}
