import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { ObjectLink } from '@/features/causes/object-link';
import type { AlikeEvents } from '@/features/events/alike';
import { OperationEntry } from '@/features/operations/entry';
import { OperationStateTag } from '@/features/operations/states';
import { useOperationHref } from '@/features/operations/use-operation-href';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { type FieldChange, FieldChanges } from '@/ui/evidence/field-changes';
import type { TimelineEntry } from '@/ui/evidence/timeline';
import { type Happening, isByPerson } from './changes';
import { RevisionEntry } from './revision-entry';

/** Who did it; what failed stands out. */
export function markOf(happening: Happening): TimelineEntry['by'] {
  switch (happening.kind) {
    case 'operation': {
      const { state, actor } = happening.operation;
      if (state === 'FAILED') return 'failure';
      return actor ? 'person' : 'service';
    }
    case 'revision':
      return isByPerson(happening.revision) ? 'person' : 'service';
    case 'event':
      return happening.event.type === 'Warning' ? 'warning' : 'service';
  }
}

export function HappeningEntry({ happening }: { happening: Happening }) {
  const { t } = useTranslation();
  switch (happening.kind) {
    case 'operation': {
      const { operation, revision } = happening;
      return (
        <>
          <OperationEntry operation={operation} isTimed />
          {/* The fields of whoever overtook it stand above. */}
          {revision && operation.state === 'OVERTAKEN' && (
            <div className="quiet">{t('history.ownFields')}</div>
          )}
          {revision && <FieldChanges changes={revision.changes} />}
        </>
      );
    }
    case 'revision':
      return <RevisionEntry revision={happening.revision} />;
    case 'event':
      return <EventEntry event={happening.event} count={happening.count} objects={happening.objects} />;
  }
}

function EventEntry({ event, count, objects }: AlikeEvents) {
  const { t } = useTranslation();
  const { type, reason, message, objectId } = event;
  return (
    <div className="operation" data-testid="history-event" data-reason={reason}>
      <div>
        <strong className={type === 'Warning' ? 'warn-text' : undefined}>{reason}</strong>
        {count > 1 && <span className="number"> ×{count}</span>}
        <span className="quiet">
          {' · '}
          {t('evidenceKind.EVENT')}
          {objects.length === 1 && (
            <>
              {' · '}
              <ObjectLink id={objectId} />
            </>
          )}
        </span>
      </div>
      <div className="quiet">{message}</div>
      {objects.length > 1 && (
        <details className="fold">
          <summary>{t('history.objects', { count: objects.length })}</summary>
          <ul>
            {objects.map((id) => (
              <li key={id}>
                <ObjectLink id={id} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** The same in the least room. */
export function HappeningLine({ happening }: { happening: Happening }) {
  switch (happening.kind) {
    case 'operation':
      return <OperationLine operation={happening.operation} changes={happening.revision?.changes ?? []} />;
    case 'revision':
      return <RevisionEntry revision={happening.revision} />;
    case 'event':
      return <EventLine event={happening.event} count={happening.count} objects={happening.objects} />;
  }
}

interface OperationLineProps {
  operation: OperationFieldsFragment;
  changes: readonly FieldChange[];
}

function OperationLine({ operation, changes }: OperationLineProps) {
  const { t } = useTranslation();
  const { id, kind, state, actor, reason, supersededBy } = operation;
  return (
    <div className="operation">
      <div>
        <strong>{actor?.displayName ?? t('component.system')}</strong>{' '}
        <Link href={useOperationHref(id)} prefetch={false} scroll={false}>
          {serverWord(t, 'operationKind', kind)}
        </Link>{' '}
        {state !== 'SUCCEEDED' && <OperationStateTag state={state} isSuperseded={supersededBy !== null} />}
      </div>
      {reason && <div className="quiet">{t('operations.reason', { reason })}</div>}
      <FieldChanges changes={changes} />
    </div>
  );
}

function EventLine({ event: { type, reason, message }, count, objects }: AlikeEvents) {
  const { t } = useTranslation();
  return (
    <div className="operation">
      <div>
        <strong className={type === 'Warning' ? 'warn-text' : undefined}>{reason}</strong>
        {count > 1 && <span className="number"> ×{count}</span>}
        {objects.length > 1 && (
          <span className="quiet"> · {t('history.objects', { count: objects.length })}</span>
        )}
      </div>
      <div className="quiet">{message}</div>
    </div>
  );
}
