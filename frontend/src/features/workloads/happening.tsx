import { useTranslation } from 'react-i18next';
import { ObjectLink } from '@/features/causes/object-link';
import { OperationEntry } from '@/features/operations/entry';
import type { EventRowFragment } from '@/graphql/generated/graphql';
import { FieldChanges } from '@/ui/evidence/field-changes';
import type { TimelineEntry } from '@/ui/evidence/timeline';
import { Age } from '@/ui/feedback/age';
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
      return happening.event.type === 'Warning' ? 'failure' : 'service';
  }
}

export function HappeningEntry({ happening }: { happening: Happening }) {
  switch (happening.kind) {
    case 'operation':
      return (
        <>
          <OperationEntry operation={happening.operation} />
          {happening.revision && <FieldChanges changes={happening.revision.changes} />}
        </>
      );
    case 'revision':
      return <RevisionEntry revision={happening.revision} />;
    case 'event':
      return <EventEntry event={happening.event} count={happening.count} />;
  }
}

function EventEntry({ event, count }: { event: EventRowFragment; count: number }) {
  const { t } = useTranslation();
  const { type, reason, message, lastSeen, objectId } = event;
  return (
    <div className="operation" data-testid="history-event" data-reason={reason}>
      <div>
        <strong className={type === 'Warning' ? 'bad-text' : undefined}>{reason}</strong>
        {count > 1 && <span className="number"> ×{count}</span>}
        <span className="quiet">
          {' · '}
          {t('evidenceKind.EVENT')} · <ObjectLink id={objectId} /> · <Age at={lastSeen} />
        </span>
      </div>
      <div className="quiet">{message}</div>
    </div>
  );
}
