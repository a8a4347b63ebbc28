import { useTranslation } from 'react-i18next';
import type { CauseFieldsFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { EvidenceChip } from '@/ui/evidence/evidence-chip';
import { Age } from '@/ui/feedback/age';
import { objectHref, objectWords } from './object-link';

interface CauseProps {
  cause: CauseFieldsFragment;
  /** The workload that lists the pods it names. */
  podsOf?: string;
  /** Whether its evidence is shown from the start. */
  isOpen?: boolean;
}

/** Why something is not as desired: the sentence, since when, and the observations it is read from. */
export function Cause({ cause, podsOf, isOpen }: CauseProps) {
  const { t } = useTranslation();
  const { message, since, evidence } = cause;
  return (
    <section className="cause" aria-label={t('cause.title')} data-testid="cause">
      <p>
        <strong>{message.text}</strong>
        {since && (
          <span className="quiet">
            {' · '}
            {t('cause.since')} <Age at={since} />
          </span>
        )}
      </p>
      {evidence.length > 0 && (
        <details className="fold" open={isOpen}>
          <summary>{t('cause.evidence', { count: evidence.length })}</summary>
          <ul>
            {evidence.map((one) => (
              <EvidenceEntry key={JSON.stringify(one)} evidence={one} podsOf={podsOf} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface EvidenceEntryProps {
  evidence: CauseFieldsFragment['evidence'][number];
  podsOf?: string;
}

function EvidenceEntry({ evidence, podsOf }: EvidenceEntryProps) {
  const { t } = useTranslation();
  const { kind, message, at, objectId, container } = evidence;
  const where = [
    ...(objectId ? [objectWords(objectId)] : []),
    ...(container ? [t('cause.container', { name: container })] : []),
  ].join(' · ');
  return (
    <li>
      <EvidenceChip source={kind} words={message.text} href={placeOf(evidence, podsOf)} />
      <span className="quiet">
        {where}
        {at && (
          <>
            {where && ' · '}
            <Age at={at} />
          </>
        )}
      </span>
    </li>
  );
}

/** The exact place of an observation: the events of a workload, the log of a pod, or the page of the object. */
function placeOf({ kind, objectId }: EvidenceEntryProps['evidence'], podsOf?: string): string | undefined {
  if (kind === 'EVENT' && podsOf) return `${objectPath('workloads', podsOf)}?tab=events`;
  return objectId ? objectHref(objectId, podsOf) : undefined;
}
