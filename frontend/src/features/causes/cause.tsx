import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CauseFieldsFragment } from '@/graphql/generated/graphql';
import { EvidenceChip } from '@/ui/evidence/evidence-chip';
import { Age } from '@/ui/feedback/age';
import type { Tone } from '@/ui/feedback/state-tag';
import { observationsOf } from './observations';
import { objectWords, placeOf } from './place';

interface CauseProps {
  cause: CauseFieldsFragment;
  /** The workload that shows what has no page of its own. */
  workload?: string;
  /** Whether its evidence is always shown. */
  isOpen?: boolean;
  /** Whether it is one line, until one asks for more. */
  isBrief?: boolean;
  tone?: Tone;
  /** What follows from it. */
  children?: ReactNode;
}

/** Why something is not as desired: the sentence, since when, and the observations it is read from. */
export function Cause({ cause, workload, isOpen, isBrief = false, tone, children }: CauseProps) {
  const { t } = useTranslation();
  const [isAll, setIsAll] = useState(false);
  const isLine = isBrief && !isAll;
  const { message, since } = cause;
  const observations = observationsOf(cause.evidence, workload);
  const list = observations.length > 0 && (
    <ul className="cause-evidence">
      {observations.map((one) => (
        <EvidenceEntry key={JSON.stringify(one.evidence)} {...one} workload={workload} />
      ))}
    </ul>
  );
  return (
    <section
      className={['cause', tone === 'bad' && 'cause-bad', isLine && 'cause-line'].filter(Boolean).join(' ')}
      // The one of the page has a name; those of a list would all have the same.
      aria-label={isOpen ? t('cause.title') : undefined}
      data-testid="cause"
    >
      <p>
        <strong title={isLine ? message.text : undefined}>{message.text}</strong>
        {since && (
          <span className="quiet">
            {' · '}
            {t('cause.since')} <Age at={since} />
          </span>
        )}
        {isBrief && (
          <Button type="link" size="small" aria-expanded={isAll} onClick={() => setIsAll(!isAll)}>
            {t(isAll ? 'cause.less' : 'cause.more')}
          </Button>
        )}
      </p>
      {isOpen && !isLine && list}
      {!isOpen && observations.length > 0 && (
        <details className="fold">
          <summary>{t('cause.evidence', { count: observations.length })}</summary>
          {list}
        </details>
      )}
      {!isLine && children}
    </section>
  );
}

interface EvidenceEntryProps {
  evidence: CauseFieldsFragment['evidence'][number];
  workload?: string;
  /** How often it was observed. */
  count?: number;
  /** Whether only its object tells it from another one. */
  isAlike?: boolean;
}

/** One observation, which leads to its place. */
export function EvidenceEntry({ evidence, workload, count, isAlike }: EvidenceEntryProps) {
  const { t } = useTranslation();
  const { kind, message, at, objectId, container } = evidence;
  const where = [
    ...(objectId ? [objectWords(objectId)] : []),
    ...(container ? [t('cause.container', { name: container })] : []),
  ].join(t('mark.comma'));
  return (
    <li>
      <EvidenceChip
        source={kind}
        words={message.text}
        href={placeOf(evidence, workload)}
        where={where}
        isPlaced={isAlike}
        count={count}
        at={at}
      />
    </li>
  );
}
