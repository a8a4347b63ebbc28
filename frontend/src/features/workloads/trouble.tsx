import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { Cause } from '@/features/causes/cause';
import { NextStepLine } from '@/features/causes/next-step-line';
import type { GraphqlError } from '@/graphql/error';
import type { CauseFieldsFragment, WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { objectPath } from '@/resource/path';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { Age } from '@/ui/feedback/age';
import { Problem } from '@/ui/feedback/problem';
import { useJustBeforeQuery } from './api';
import { beginOf, latestBefore, spanBefore } from './just-before';
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
  const begin = beginOf(cause);
  return (
    <Cause cause={cause} tone={toneOf(state)} workload={id} isOpen isBrief={isBrief}>
      {begin && <JustBefore id={id} begin={begin} />}
      <NextStepLine object={workload} cause={workload.cause} />
    </Cause>
  );
}

function JustBefore({ id, begin }: { id: string; begin: string }) {
  const { t } = useTranslation();
  const span = spanBefore(begin);
  const { currentData: data, error, refetch } = useJustBeforeQuery({ workload: id, ...span });
  if (error && !data) return <Problem error={error as GraphqlError} retry={refetch} />;
  if (!data) return null;
  const before = latestBefore(data, span);
  if (!before) {
    return (
      <p className="quiet" data-testid="just-before">
        {t('cause.nothingBefore')}
      </p>
    );
  }
  const { at, who, kind, reason, changes } = before;
  return (
    <div data-testid="just-before">
      {t('cause.before')} <strong>{who.join(t('mark.comma')) || t('revisions.unknownManager')}</strong>
      {' · '}
      {kind ? serverWord(t, 'operationKind', kind) : t('cause.changedIt')}
      {' · '}
      <Age at={at} />
      {reason && ` · ${t('operations.reason', { reason })}`}
      {' · '}
      <Link href={`${objectPath('workloads', id)}?tab=history`} prefetch={false}>
        {t('cause.allChanges')}
      </Link>
      <FieldChanges changes={changes} />
    </div>
  );
}
