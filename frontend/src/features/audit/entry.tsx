import Link from 'next/link';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { ObjectLink } from '@/features/causes/object-link';
import { TargetLink } from '@/features/operations/target-link';
import { useOperationHref } from '@/features/operations/use-operation-href';
import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { ProofBadge } from '@/ui/evidence/proof-badge';
import { ChangedFields } from './changed-fields';
import { EventProof } from './event-proof';
import { Fold } from './fold';
import { happened, isCancelled } from './happened';
import { Outcome } from './outcome';
import { Who } from './who';

interface AuditEntryProps {
  event: AuditRowFragment;
  /** Whether it left the list while the order is held. */
  isGone?: boolean;
}

/** One event: when, who, which verb on which object, why, and what came of it. */
export const AuditEntry = memo(function AuditEntry({ event, isGone }: AuditEntryProps) {
  const { t, i18n } = useTranslation();
  const { operation, position, type, recordedAt, component } = event;
  const isRequest = type === 'OperationRequested';
  const newer = isCancelled(event) && operation?.supersededBy;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium' }).format(Date.parse(recordedAt));
  return (
    <li
      className={isGone ? 'audit-entry gone' : 'audit-entry'}
      data-testid="audit-entry"
      data-type={type}
      data-position={position}
    >
      <time dateTime={recordedAt} className="number quiet">
        {time}
      </time>
      <Who event={event} />
      <div className="audit-what">
        <div>
          <strong title={type}>
            {isRequest && operation ? serverWord(t, 'operationKind', operation.kind) : happened(t, event)}
          </strong>{' '}
          <AuditObject event={event} />
        </div>
        <div className="quiet">{event.summary}</div>
        {event.reason && <div>{t('operations.reason', { reason: event.reason })}</div>}
      </div>
      <div className="audit-outcome">
        {isRequest && operation && <Outcome operation={operation} />}
        {!operation && component === 'watcher' && <ProofBadge state="observed" />}
      </div>
      <div className="audit-more">
        <span className="quiet number" title={t('audit.position')}>
          {t('audit.event', { position })}
        </span>
        {operation && <OperationWays id={operation.id} />}
        {newer && <NewerOperation id={newer} />}
        {isRequest && operation?.target.workload && (
          <Fold title={t('audit.fields')} data-testid="audit-fields">
            {() => <ChangedFields operation={operation.id} workload={operation.target.workload?.id ?? ''} />}
          </Fold>
        )}
        {event.changes.length > 0 && (
          <Fold title={t('audit.fields')} data-testid="audit-changes">
            {() => <FieldChanges changes={event.changes} />}
          </Fold>
        )}
        <Fold title={t('audit.payload')} data-testid="audit-payload">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
          {() => <pre tabIndex={0}>{JSON.stringify(event.payload, null, 2)}</pre>}
        </Fold>
        <Fold title={t('audit.proof.title')} data-testid="audit-proof">
          {() => <EventProof position={position} />}
        </Fold>
      </div>
    </li>
  );
});

/** What it is about. */
function AuditObject({ event: { operation, objectId } }: { event: AuditRowFragment }) {
  if (operation) return <TargetLink target={operation.target} />;
  return objectId ? <ObjectLink id={objectId} /> : null;
}

function NewerOperation({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Link href={useOperationHref(id)} prefetch={false} scroll={false}>
      {t('audit.newer')}
    </Link>
  );
}

function OperationWays({ id }: { id: string }) {
  const { t } = useTranslation();
  const href = useOperationHref(id);
  return (
    <>
      <Link href={href} prefetch={false} scroll={false}>
        {t('audit.operation')}
      </Link>
      <Link href={`/audit?operation=${encodeURIComponent(id)}`} prefetch={false}>
        {t('audit.sameOperation')}
      </Link>
    </>
  );
}
