import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { RevisionFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { FieldChanges } from '@/ui/evidence/field-changes';

/** One recorded change of a manifest: who, when, by which operation, and the fields. */
export function RevisionEntry({ revision }: { revision: RevisionFieldsFragment }) {
  const { t } = useTranslation();
  const { managers, operation, changes, recordedAnew } = revision;
  return (
    <div className="operation" data-testid="revision-entry" data-position={revision.position}>
      <div>
        <strong>{managers.join(t('mark.comma')) || t('revisions.unknownManager')}</strong>
        {changes.length > 0 && ` ${t('cause.changedIt')}`}
        {changes.length === 0 && managers.length > 0 && !recordedAnew && ` ${t('revisions.wroteIt')}`}
        {operation && (
          <span className="quiet">
            {' · '}
            <Link href={`/audit?operation=${encodeURIComponent(operation.id)}`} prefetch={false}>
              {serverWord(t, 'operationKind', operation.kind)}
              {t('mark.comma')}
              {operation.actor?.displayName ?? t('component.system')}
            </Link>
          </span>
        )}
      </div>
      {changes.length === 0 && (
        <div className="quiet">{t(recordedAnew ? 'revisions.recordedAnew' : 'revisions.appeared')}</div>
      )}
      <FieldChanges changes={changes} />
    </div>
  );
}
