import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { EvidenceEntry } from '@/features/causes/cause';
import { useNextStep } from '@/features/causes/use-next-step';
import { NothingBefore } from '@/features/clusters/nothing-before';
import { RecordedChange } from '@/features/operations/recorded-change';
import { WorkloadStateTag } from '@/features/workloads/states';
import type { ProblemFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { objectPath } from '@/resource/path';
import { Age } from '@/ui/feedback/age';
import { headline, shownOnce } from './headline';

/** More evidence than this is on the page of the victim. */
const EVIDENCE = 3;

interface ProblemGroupProps {
  problem: ProblemFieldsFragment;
  /** The worst one of the page has its primary button. */
  isWorst: boolean;
}

/** One cause: what is wrong and why, since when, what changed before, what it stops, and where to look next. */
export function ProblemGroup({ problem, isWorst }: ProblemGroupProps) {
  const { t } = useTranslation();
  const { cause, states, victims } = problem;
  const [first] = victims;
  const step = useNextStep({ id: first?.objectId ?? '', name: first?.name ?? '' }, cause);
  const evidence = shownOnce(cause?.evidence ?? []).slice(0, EVIDENCE);
  const { title, why } = useTitle(problem);
  const only = onlyVictim(problem);
  const sentence = t(`nextStep.${step.step}`, { name: step.name });
  return (
    <li className="problem-group" data-testid="problem-group">
      <div className="problem-head">
        {states[0] && <WorkloadStateTag state={states[0].state} />}
        <h3 className="sentence">
          {only && <VictimLink victim={only} isPlaced />}
          {title}
        </h3>
        {first && (
          <Link
            className={isWorst ? 'next-step next-step-worst' : 'next-step'}
            href={step.href}
            prefetch={false}
            title={sentence}
            data-testid="next-step"
          >
            {/* Of several victims it has to say which one. */}
            {victims.length > 1 ? sentence : t(`nextStepHere.${step.step}`)}
          </Link>
        )}
      </div>
      {why && <p className="wrap">{why}</p>}
      <Facts problem={problem} />
      <div className="problem-foot">
        <JustBefore problem={problem} />
        {evidence.length > 0 && (
          <ul className="problem-evidence">
            {evidence.map((one) => (
              <EvidenceEntry
                key={JSON.stringify(one)}
                evidence={one}
                workload={first && !['Pod', 'CronJob'].includes(first.kind) ? first.objectId : undefined}
              />
            ))}
          </ul>
        )}
      </div>
      <Victims problem={problem} />
    </li>
  );
}

/** The one that is in trouble, if it is alone. */
const onlyVictim = ({ victimCount, victims: [first] }: ProblemFieldsFragment) =>
  victimCount === 1 ? first : undefined;

/**
 * The node, the image .. that several share, and why. Of one workload the sentence alone says it, after its name: that of
 * a shared cause is about one of them.
 */
function useTitle(problem: ProblemFieldsFragment) {
  const { t } = useTranslation();
  const { subject, cause } = problem;
  const why = cause ? headline(cause) : t('problems.noCause');
  if (onlyVictim(problem)) return { title: t('problems.because', { why }) };
  if (!subject) return { title: why };
  const name = subject.namespace ? `${subject.namespace}/${subject.name}` : subject.name;
  return { title: `${serverWord(t, 'subjectKind', subject.kind)} ${name}`, why };
}

function Facts({ problem }: { problem: ProblemFieldsFragment }) {
  const { t } = useTranslation();
  const { victimCount, states, since } = problem;
  const inStates = states.map(({ state, count }) =>
    t('problems.inState', { count, state: t(`workloadState.${state}`) }),
  );
  const only = onlyVictim(problem);
  return (
    <p className="quiet">
      {only
        ? `${only.kind} · ${only.namespace}`
        : t('problems.victims', { count: victimCount, states: inStates.join(t('mark.comma')) })}
      {since && (
        <>
          {' · '}
          {t('cause.since')} <Age at={since} />
        </>
      )}
    </p>
  );
}

type Victim = ProblemFieldsFragment['victims'][number];

interface VictimLinkProps {
  victim: Victim;
  /** Whether its kind and namespace stand beside it. */
  isPlaced?: boolean;
}

function VictimLink({ victim: { objectId, kind, namespace, name }, isPlaced }: VictimLinkProps) {
  const isPod = kind === 'Pod';
  return (
    <Link href={objectPath(isPod ? 'pods' : 'workloads', objectId)} prefetch={false} className="wrap">
      {isPlaced ? name : `${isPod ? 'Pod ' : ''}${namespace}/${name}`}
    </Link>
  );
}

/** The latest change before it: a hint. Without a time nothing can be before. */
function JustBefore({ problem: { since, latestChange, victims } }: { problem: ProblemFieldsFragment }) {
  const { t } = useTranslation();
  if (!since) return null;
  return (
    <div className="just-before" data-testid="just-before">
      <span className="quiet">{t('problems.justBefore')}</span>
      {latestChange ? (
        <RecordedChange change={latestChange} />
      ) : (
        <span className="quiet">
          <NothingBefore object={victims[0]?.objectId ?? ''} since={since} words={t('problems.noChange')} />
        </span>
      )}
    </div>
  );
}

function Victims({ problem: { victims, victimCount } }: { problem: ProblemFieldsFragment }) {
  const { t } = useTranslation();
  if (victimCount < 2) return null;
  return (
    <details className="fold">
      <summary>{t('problems.named', { shown: victims.length, count: victimCount })}</summary>
      <ul>
        {victims.map((victim) => (
          <li key={victim.objectId} className="victim">
            <WorkloadStateTag state={victim.state} />
            <VictimLink victim={victim} />
          </li>
        ))}
      </ul>
    </details>
  );
}
