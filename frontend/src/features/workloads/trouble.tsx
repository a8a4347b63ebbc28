import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { Cause } from '@/features/causes/cause';
import { NextStepLine } from '@/features/causes/next-step-line';
import { NothingBefore } from '@/features/clusters/nothing-before';
import type { GraphqlError } from '@/graphql/error';
import type { CauseFieldsFragment, WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { objectPath } from '@/resource/path';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { Age } from '@/ui/feedback/age';
import { Problem } from '@/ui/feedback/problem';
import { useJustBeforeQuery } from './api';
import { isProblem, toneOf } from './states';

/** Why a workload is not as desired, what changed just before, and what to do next. Nothing while all is well. */
export function Trouble({ workload, isBrief }: { workload: WorkloadDetailFragment; isBrief: boolean }) {
  const { t } = useTranslation();
  const { id, state } = workload;
  if (!workload.cause && !isProblem(state)) return null;
  const cause: CauseFieldsFragment = workload.cause ?? {
    message: { code: '', text: t('cause.unknown'), arguments: {} },
    since: null,
    evidence: [],
  };
  return (
    <Cause cause={cause} tone={toneOf(state)} workload={id} isOpen isBrief={isBrief}>
      {cause.since && <JustBefore id={id} begin={cause.since} />}
      <NextStepLine object={workload} cause={workload.cause} />
    </Cause>
  );
}

/** The latest change before it: a hint. Without a time nothing can be before. */
function JustBefore({ id, begin }: { id: string; begin: string }) {
  const { t } = useTranslation();
  const { currentData: data, error, refetch } = useJustBeforeQuery({ workload: id, begin });
  if (error && !data) return <Problem error={error as GraphqlError} retry={refetch} />;
  if (!data) return null;
  const change = data.workload?.latestChange;
  if (!change) {
    return (
      <p className="quiet" data-testid="just-before">
        <NothingBefore object={id} since={begin} words={t('cause.nothingBefore')} />
      </p>
    );
  }
  const { at, operation, revision } = change;
  // The first record of an object is a change only if the object was just made.
  const byOthers = revision?.changes.length === 0 ? 'cause.createdIt' : 'cause.changedIt';
  const who = operation ? operation.actor?.displayName : revision?.managers.join(t('mark.comma'));
  return (
    <div data-testid="just-before">
      {t('cause.before')} <strong>{who || t('revisions.unknownManager')}</strong>
      {' · '}
      {operation ? serverWord(t, 'operationKind', operation.kind) : t(byOthers)}
      {' · '}
      <Age at={at} />
      {operation?.reason && ` · ${t('operations.reason', { reason: operation.reason })}`}
      {' · '}
      <Link href={`${objectPath('workloads', id)}?tab=history`} prefetch={false}>
        {t('cause.allChanges')}
      </Link>
      {revision && <FieldChanges changes={revision.changes} />}
    </div>
  );
}
