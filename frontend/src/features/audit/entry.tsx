import Link from 'next/link';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { objectPath } from '@/resource/path';
import { ProofBadge } from '@/ui/evidence/proof-badge';
import { Age } from '@/ui/feedback/age';
import { EventProof } from './event-proof';

export const AuditEntry = memo(function AuditEntry({ event }: { event: AuditRowFragment }) {
  const { t } = useTranslation();
  const { operation } = event;
  const reason = event.reason && t('operations.reason', { reason: event.reason });
  const [isProofOpen, setIsProofOpen] = useState(false);
  return (
    <li
      className="audit-entry"
      data-testid="audit-entry"
      data-type={event.type}
      data-position={event.position}
    >
      <span className="position" title={t('audit.position')}>
        {event.position}
      </span>
      <div className="grow">
        <div>
          <strong title={event.type}>{serverWord(t, 'eventType', event.type)}</strong>
          {' · '}
          {event.summary}
          {!operation && event.component === 'watcher' && (
            <>
              {' '}
              <ProofBadge state="observed" />
            </>
          )}
        </div>
        {reason && <div className="quiet">{reason}</div>}
        <div className="quiet">
          {event.actor?.displayName ?? serverWord(t, 'component', event.component ?? 'system')} ·{' '}
          <Age at={event.recordedAt} />
          {operation && (
            <>
              {' · '}
              <Link href={`/audit?operation=${encodeURIComponent(operation.id)}`} prefetch={false}>
                {t('audit.sameOperation')}
              </Link>
            </>
          )}
          {operation?.target.workload && (
            <>
              {' · '}
              <Link href={objectPath('workloads', operation.target.workload.id)} prefetch={false}>
                {t('audit.workload')}
              </Link>
            </>
          )}
        </div>
        <details className="fold" data-testid="audit-payload">
          <summary>{t('audit.payload')}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
          <pre tabIndex={0}>{JSON.stringify(event.payload, null, 2)}</pre>
        </details>
        <details
          className="fold"
          data-testid="audit-proof"
          onToggle={(toggle) => setIsProofOpen(toggle.currentTarget.open)}
        >
          <summary>{t('audit.proof.title')}</summary>
          {isProofOpen && <EventProof position={event.position} />}
        </details>
      </div>
    </li>
  );
});
