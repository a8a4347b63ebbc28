import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { Age } from '@/ui/feedback/age';
import { pollAfter, useChangesOfTargetQuery } from './api';
import { Bars } from './bars';
import { Endings } from './endings';
import { OperationActions } from './operation-actions';
import { Outcome } from './outcome';
import { OperationStateTag } from './states';
import { TargetLink } from './target-link';

/** One operation: who asked for it and why, its stages, what is in its way, and what will end it. */
export function OperationDetail({ operation }: { operation: OperationFieldsFragment }) {
  const { t } = useTranslation();
  const { id, state, stage, target, actor, reason, requestedAt } = operation;
  return (
    <div className="stack" data-testid="operation-detail" data-state={state}>
      <div className="operation-head">
        <p className="state-line">
          <OperationStateTag state={state} />
          <span>{stage}</span>
        </p>
        <OperationActions operation={operation} />
      </div>
      <Outcome operation={operation} />
      <dl className="facts">
        <dt>{t('operations.object')}</dt>
        <dd>
          {target.cluster.name} / <TargetLink target={target} />
        </dd>
        <dt>{t('operations.who')}</dt>
        <dd>{actor?.displayName ?? t('component.system')}</dd>
        <dt>{t('operations.asked')}</dt>
        <dd>
          <Age at={requestedAt} />
        </dd>
        <dt>{t('operations.why')}</dt>
        <dd>{reason ?? <span className="quiet">{t('operations.noReason')}</span>}</dd>
        {target.workload && <Fields operation={operation} workload={target.workload.id} />}
      </dl>
      <section aria-labelledby="operation-stages">
        <h2 id="operation-stages">{t('operations.time')}</h2>
        <Bars operation={operation} />
      </section>
      <Endings operation={operation} />
      <Link href={`/audit?operation=${encodeURIComponent(id)}`} prefetch={false}>
        {t('detail.toAudit')}
      </Link>
    </div>
  );
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
