import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { OperationDetailFragment, OperationFieldsFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { Age, useNow } from '@/ui/feedback/age';
import { shortAge, useTimes } from '@/ui/feedback/times';
import { pollAfter, useChangesOfTargetQuery } from './api';
import { Bars } from './bars';
import { Before } from './before';
import { Conflicts } from './conflicts';
import { Endings } from './endings';
import { OperationActions } from './operation-actions';
import { Outcome } from './outcome';
import { took } from './stages';
import { isActive, OperationStateTag } from './states';
import { TargetLink } from './target-link';

/** One operation: who requested it and why, its stages, what is in its way, and what will end it. */
export function OperationDetail({ operation }: { operation: OperationDetailFragment }) {
  const { t } = useTranslation();
  const { id, state, stage, target, actor, reason, requestedAt, attempts, batch } = operation;
  const conflicts = operation.error?.conflicts ?? [];
  return (
    <div className="operation-detail" data-testid="operation-detail" data-state={state}>
      <div className="operation-columns">
        <div className="stack">
          <div className="operation-head">
            <p className="state-line">
              <OperationStateTag state={state} isSuperseded={operation.supersededBy !== null} />
              <Duration operation={operation} />
              {operation.supersededBy === null && <span>{stage}</span>}
            </p>
            <OperationActions operation={operation} isOpen />
          </div>
          <Outcome operation={operation} />
          {conflicts.length > 0 && <Conflicts conflicts={conflicts} />}
          <dl className="facts">
            <dt>{t('operations.object')}</dt>
            <dd>
              {target.kind} {target.cluster.name} / <TargetLink target={target} />
            </dd>
            <dt>{t('operations.who')}</dt>
            <dd>{actor?.displayName ?? t('component.system')}</dd>
            <dt>{t('operations.requested')}</dt>
            <dd>
              <Age at={requestedAt} />
            </dd>
            <dt>{t('operations.why')}</dt>
            <dd>{reason ?? <span className="quiet">{t('operations.noReason')}</span>}</dd>
            {batch && (
              <>
                <dt>{t('batches.one')}</dt>
                <dd>
                  <Link href={objectPath('batches', batch.id)} prefetch={false}>
                    {t('batches.ofMany', { total: batch.total })}
                  </Link>
                </dd>
              </>
            )}
            {attempts > 1 && (
              <>
                <dt>{t('operations.attempts')}</dt>
                <dd className="number">{attempts}</dd>
              </>
            )}
            {target.workload && <Fields operation={operation} workload={target.workload.id} />}
          </dl>
          <section aria-labelledby="operation-stages">
            <h2 id="operation-stages">
              {t('operations.time')} <Span operation={operation} />
            </h2>
            <Bars operation={operation} />
          </section>
        </div>
        <div className="stack">
          <Endings operation={operation} />
          <Before operation={operation} />
          <Link href={`/audit?operation=${encodeURIComponent(id)}`} prefetch={false}>
            {t('detail.toAudit')}
          </Link>
        </div>
      </div>
    </div>
  );
}

interface Timed {
  operation: Pick<OperationFieldsFragment, 'state' | 'requestedAt' | 'startedAt' | 'finishedAt'>;
}

/** How long it took, or runs until now. */
function Duration({ operation: { state, startedAt, finishedAt } }: Timed) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  if (!startedAt) return null;
  if (finishedAt) {
    const time = took(startedAt, finishedAt, i18n.language);
    return <span className="quiet">{t('operations.took', { time })}</span>;
  }
  if (!isActive(state)) return null;
  const time = shortAge(Date.parse(startedAt), now, i18n.language);
  return <span className="quiet">{t('operations.runs', { time })}</span>;
}

/** Where the axis of time begins and ends. */
function Span({ operation: { requestedAt, finishedAt } }: Timed) {
  const { t } = useTranslation();
  const { clock } = useTimes();
  const from = clock(Date.parse(requestedAt));
  const to = finishedAt ? clock(Date.parse(finishedAt)) : t('operations.now');
  return <span className="axis-span">{t('operations.span', { from, to })}</span>;
}

interface FieldsProps {
  operation: OperationFieldsFragment;
  workload: string;
}

/** The fields that it changed, once the watch has recorded them. */
function Fields({ operation: { id, finishedAt }, workload }: FieldsProps) {
  const { t } = useTranslation();
  const { data } = useChangesOfTargetQuery(workload, { pollingInterval: pollAfter(finishedAt) });
  const own = data?.find(({ operation, changes }) => operation?.id === id && changes.length > 0);
  if (!own) return null;
  return (
    <>
      <dt>{t('operations.what')}</dt>
      <dd>
        <FieldChanges changes={own.changes} />
      </dd>
    </>
  );
}
