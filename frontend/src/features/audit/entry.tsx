import { DownOutlined, RightOutlined } from '@ant-design/icons';
import Link from 'next/link';
import { memo, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ObjectLink } from '@/features/causes/object-link';
import { ClusterPrefix } from '@/features/clusters/cluster-prefix';
import { requestedReplicas } from '@/features/operations/requested-replicas';
import { PlacedTarget } from '@/features/operations/target-link';
import { useOperationHref } from '@/features/operations/use-operation-href';
import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { ProofBadge } from '@/ui/evidence/proof-badge';
import { useTimes } from '@/ui/feedback/times';
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

/** Events that say only who did it. */
const ofSession = ['SessionStarted', 'SessionEnded'];

/** One event on a line: when, who, which verb on which object, why, and what came of it. The rest is unfolded. */
export const AuditEntry = memo(function AuditEntry({ event, isGone }: AuditEntryProps) {
  const { t } = useTranslation();
  const { clock } = useTimes();
  const [isOpen, setIsOpen] = useState(false);
  const moreId = useId();
  const { operation, position, type, recordedAt, component } = event;
  const request = type === 'OperationRequested' ? operation : null;
  const replicas = requestedReplicas(event.payload);
  // A request is said by its verb and its object, and of a session the row has the person.
  const isSaid = request !== null || (event.actor !== null && ofSession.includes(type));
  return (
    <li
      className={isGone ? 'audit-entry gone' : 'audit-entry'}
      data-testid="audit-entry"
      data-type={type}
      data-verb={request?.kind}
      data-position={position}
    >
      <time dateTime={recordedAt} className="number quiet">
        {clock(Date.parse(recordedAt))}
      </time>
      <Who event={event} />
      <div className="audit-what">
        <strong title={type}>
          {request ? serverWord(t, 'operationKind', request.kind) : happened(t, event)}
        </strong>{' '}
        <AuditObject event={event} />
        {request && replicas !== null && ` ${t('audit.toReplicas', { replicas })}`}
        {!isSaid && <span className="quiet"> {event.summary}</span>}
        {event.reason && (
          <span className="audit-why"> {t('operations.reason', { reason: event.reason })}</span>
        )}
      </div>
      <div className="audit-outcome">
        {request && <Outcome operation={request} />}
        {!operation && component === 'watcher' && <ProofBadge state="observed" />}
      </div>
      <button
        type="button"
        className="plain-button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? moreId : undefined}
        aria-label={t('audit.more', { position })}
        title={t('audit.more', { position })}
        data-testid="audit-more"
        onClick={() => setIsOpen(!isOpen)}
      >
        {isOpen ? <DownOutlined aria-hidden="true" /> : <RightOutlined aria-hidden="true" />}
      </button>
      {isOpen && (
        <div className="audit-more" id={moreId}>
          <More event={event} />
        </div>
      )}
    </li>
  );
});

/** The sentence, the fields that were changed, the ways to more, the payload and the proof. */
function More({ event }: { event: AuditRowFragment }) {
  const { t } = useTranslation();
  const { operation, position, type, changes, payload } = event;
  const workload = type === 'OperationRequested' ? operation?.target.workload : null;
  const newer = isCancelled(event) && operation?.supersededBy;
  return (
    <>
      <p className="quiet">{event.summary}</p>
      {operation && workload && (
        <div data-testid="audit-fields">
          <ChangedFields operation={operation.id} workload={workload.id} />
        </div>
      )}
      {changes.length > 0 && (
        <div data-testid="audit-changes">
          <FieldChanges changes={changes} />
        </div>
      )}
      <p className="audit-ways">
        <span className="quiet number" title={t('audit.position')}>
          {t('audit.event', { position })}
        </span>
        {operation && <OperationWays id={operation.id} />}
        {newer && <NewerOperation id={newer} />}
      </p>
      <Fold title={t('audit.payload')} data-testid="audit-payload">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
        {() => <pre tabIndex={0}>{JSON.stringify(payload, null, 2)}</pre>}
      </Fold>
      <Fold title={t('audit.proof.title')} data-testid="audit-proof">
        {() => <EventProof position={position} />}
      </Fold>
    </>
  );
}

/** What it is about. */
function AuditObject({ event: { operation, objectId, cluster } }: { event: AuditRowFragment }) {
  if (operation) return <PlacedTarget target={operation.target} />;
  if (!objectId) return null;
  return (
    <>
      <span className="quiet">
        <ClusterPrefix id={cluster} />
      </span>
      <ObjectLink id={objectId} isRecorded />
    </>
  );
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
