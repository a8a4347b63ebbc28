import { useTranslation } from 'react-i18next';
import type { CauseFieldsFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';
import { ObjectLink } from './object-link';

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
  return (
    <li>
      <span className="quiet">{t(`evidenceKind.${kind}`)}</span> {message.text}
      <div className="quiet">
        {objectId && <ObjectLink id={objectId} podsOf={podsOf} />}
        {container && ` · ${t('cause.container', { name: container })}`}
        {at && (
          <>
            {' · '}
            <Age at={at} />
          </>
        )}
      </div>
    </li>
  );
}
