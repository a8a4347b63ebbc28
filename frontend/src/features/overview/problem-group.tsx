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

/** One cause: what is wrong, why, since when, what changed before, what it stops, and where to look next. */
export function ProblemGroup({ problem, isWorst }: ProblemGroupProps) {
  const { t } = useTranslation();
  const { cause, states, victims } = problem;
  const [first] = victims;
  const step = useNextStep({ id: first?.objectId ?? '', name: first?.name ?? '' }, cause);
  const evidence = cause?.evidence.slice(0, EVIDENCE) ?? [];
  return (
    <li className="problem-group" data-testid="problem-group">
      <div className="problem-head">
        {states[0] && <WorkloadStateTag state={states[0].state} />}
        <h3>{useTitle(problem)}</h3>
        {first && (
          <Link
            className={isWorst ? 'next-step next-step-worst' : 'next-step'}
            href={step.href}
            prefetch={false}
            data-testid="next-step"
          >
            {t(`nextStep.${step.step}`, { name: step.name })}
          </Link>
        )}
      </div>
      <p className="wrap">{cause?.message.text ?? t('problems.noCause')}</p>
      <Facts problem={problem} />
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
      <JustBefore problem={problem} />
      <Victims problem={problem} />
    </li>
  );
}

/** What the problem is about: the node, the image .., or the one workload. */
function useTitle({ subject, victims: [first] }: ProblemFieldsFragment): string {
  const { t } = useTranslation();
  if (!subject) return `${first?.namespace}/${first?.name}`;
  const name = subject.namespace ? `${subject.namespace}/${subject.name}` : subject.name;
  return `${serverWord(t, 'subjectKind', subject.kind)} ${name}`;
}

function Facts({ problem: { victimCount, states, since } }: { problem: ProblemFieldsFragment }) {
  const { t } = useTranslation();
  const inStates = states.map(({ state, count }) =>
    t('problems.inState', { count, state: t(`workloadState.${state}`) }),
  );
  return (
    <p className="quiet">
      {t('problems.victims', { count: victimCount })}
      {victimCount > 1 && `: ${inStates.join(', ')}`}
      {since && (
        <>
          {' · '}
          {t('cause.since')} <Age at={since} />
        </>
      )}
    </p>
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
        {victims.map(({ objectId, kind, namespace, name, state }) => (
          <li key={objectId} className="victim">
            <WorkloadStateTag state={state} />
            <Link
              href={objectPath(kind === 'Pod' ? 'pods' : 'workloads', objectId)}
              prefetch={false}
              className="wrap"
            >
              {kind === 'Pod' && 'Pod '}
              {namespace}/{name}
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
