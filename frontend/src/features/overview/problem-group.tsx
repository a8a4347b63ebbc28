import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { EvidenceEntry } from '@/features/causes/cause';
import { useNextStep } from '@/features/causes/use-next-step';
import { RecordedChange } from '@/features/operations/recorded-change';
import { WorkloadStateTag } from '@/features/workloads/states';
import type { ProblemFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { objectPath } from '@/resource/path';
import { Age } from '@/ui/feedback/age';

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
  const evidence = cause?.evidence.slice(0, EVIDENCE) ?? [];
  const { title, why } = useTitle(problem);
  const sentence = t(`nextStep.${step.step}`, { name: step.name });
  return (
    <li className="problem-group" data-testid="problem-group">
      <div className="problem-head">
        {states[0] && <WorkloadStateTag state={states[0].state} />}
        <h3>{title}</h3>
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

/**
 * The node, the image .. that several share, and why. Of one workload the sentence alone says it: that of a shared cause
 * is about one of them.
 */
function useTitle({ subject, cause, victimCount, victims: [first] }: ProblemFieldsFragment) {
  const { t } = useTranslation();
  const why = cause?.message.text ?? t('problems.noCause');
  if (!subject) return { title: t('problems.of', { name: first?.name, why }) };
  if (cause && victimCount === 1) return { title: why };
  const name = subject.namespace ? `${subject.namespace}/${subject.name}` : subject.name;
  return { title: `${serverWord(t, 'subjectKind', subject.kind)} ${name}`, why };
}

function Facts({ problem: { victims, victimCount, states, since } }: { problem: ProblemFieldsFragment }) {
  const { t } = useTranslation();
  const inStates = states.map(({ state, count }) =>
    t('problems.inState', { count, state: t(`workloadState.${state}`) }),
  );
  const [first] = victims;
  return (
    <p className="quiet">
      {victimCount === 1 && first ? (
        <VictimLink victim={first} />
      ) : (
        `${t('problems.victims', { count: victimCount })}: ${inStates.join(', ')}`
      )}
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

function VictimLink({ victim: { objectId, kind, namespace, name } }: { victim: Victim }) {
  return (
    <Link
      href={objectPath(kind === 'Pod' ? 'pods' : 'workloads', objectId)}
      prefetch={false}
      className="wrap"
    >
      {kind === 'Pod' && 'Pod '}
      {namespace}/{name}
    </Link>
  );
}

/** The latest change before it: a hint. Without a time nothing can be before. */
function JustBefore({ problem: { since, latestChange } }: { problem: ProblemFieldsFragment }) {
  const { t } = useTranslation();
  if (!since) return null;
  return (
    <div className="just-before" data-testid="just-before">
      <span className="quiet">{t('problems.justBefore')}</span>
      {latestChange ? (
        <RecordedChange change={latestChange} />
      ) : (
        <span className="quiet">{t('problems.noChange')}</span>
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
