import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import type { RevisionFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { type ListSpec, ResourceList } from '@/resource/resource-list';
import { useReread } from '@/resource/use-reread';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { Timeline } from '@/ui/evidence/timeline';
import { Age } from '@/ui/feedback/age';
import { type RevisionWindowArgs, useRevisionsQuery, workloadsApi } from './api';

const revisionList: ListSpec<RevisionFieldsFragment, RevisionWindowArgs> = {
  name: 'revision',
  title: 'revisions.title',
  useQuery: useRevisionsQuery,
  first: 20,
  filters: [],
  Rows: ({ window }) => (
    <div className="panel">
      <Timeline
        isComplete
        entries={window.nodes.map((revision) => ({
          key: revision.position,
          at: revision.recordedAt,
          by: revision.operation?.actor ? 'person' : 'service',
          content: <RevisionEntry revision={revision} />,
        }))}
      />
    </div>
  ),
  none: 'revisions.none',
  noneMatch: 'revisions.none',
};

/** The recorded changes of a workload's manifest, whoever made them. */
export function Revisions({ workload }: { workload: { id: string } }) {
  const dispatch = useDispatch();
  useReread(() => dispatch(workloadsApi.util.invalidateTags(['Revision'])), workload);
  return <ResourceList list={revisionList} within={{ workload: workload.id }} />;
}

function RevisionEntry({ revision }: { revision: RevisionFieldsFragment }) {
  const { t } = useTranslation();
  const { managers, operation, changes, recordedAt, recordedAnew } = revision;
  return (
    <div className="operation" data-testid="revision-entry" data-position={revision.position}>
      <div>
        <strong>{managers.join(', ') || t('revisions.unknownManager')}</strong>
        <span className="quiet">
          {' · '}
          <Age at={recordedAt} />
          {operation && (
            <>
              {' · '}
              <Link href={`/audit?operation=${encodeURIComponent(operation.id)}`} prefetch={false}>
                {serverWord(t, 'operationKind', operation.kind)},{' '}
                {operation.actor?.displayName ?? t('component.system')}
              </Link>
            </>
          )}
        </span>
      </div>
      {changes.length === 0 && (
        <div className="quiet">{t(recordedAnew ? 'revisions.recordedAnew' : 'revisions.appeared')}</div>
      )}
      <FieldChanges changes={changes} />
    </div>
  );
}
