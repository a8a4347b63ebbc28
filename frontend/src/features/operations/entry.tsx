import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { Age } from '@/ui/feedback/age';
import { OperationActions } from './operation-actions';
import { Outcome } from './outcome';
import { Stages, took } from './stages';
import { isActive, OperationStateTag } from './states';
import { PlacedTarget } from './target-link';
import { useOperationHref } from './use-operation-href';

interface OperationEntryProps {
  operation: OperationFieldsFragment;
  /** A cause that the page gives already. */
  shownCause?: string;
  /** Whether its time stands beside it. */
  isTimed?: boolean;
}

export function OperationEntry({ operation, shownCause, isTimed }: OperationEntryProps) {
  const { t, i18n } = useTranslation();
  const { id, state, target, progress, stage, startedAt, finishedAt } = operation;
  const running = isActive(state);
  const under = operation.stages.find((one) => one.state === 'RUNNING' || one.state === 'UNKNOWN');
  const href = useOperationHref(id);

  return (
    <div
      className="operation"
      data-testid="operation-entry"
      data-kind={operation.kind}
      data-state={state}
      data-target={target.name}
    >
      <div className="operation-head">
        <span className="grow">
          <Link href={href} prefetch={false} scroll={false} data-testid="operation-open">
            <strong>{serverWord(t, 'operationKind', operation.kind)}</strong>
          </Link>{' '}
          <PlacedTarget target={target} />
        </span>
        <OperationStateTag state={state} isSuperseded={operation.supersededBy !== null} />
      </div>
      <div className="quiet">
        {operation.actor?.displayName ?? t('component.system')}
        {!isTimed && (
          <>
            {' · '}
            <Age at={operation.requestedAt} />
          </>
        )}
        {startedAt &&
          finishedAt &&
          ` · ${t('operations.took', { time: took(startedAt, finishedAt, i18n.language) })}`}
        {operation.reason && ` · ${t('operations.reason', { reason: operation.reason })}`}
      </div>
      {running && <progress max={100} value={progress} aria-label={t('operations.progress')} />}
      {(running || state === 'UNKNOWN' || (state === 'CANCELLED' && operation.supersededBy === null)) &&
        (under || stage) && (
          <div>
            {under && serverWord(t, 'stage', under.name)}
            {stage && (
              <span className="quiet">
                {under && ' · '}
                {stage}
              </span>
            )}
          </div>
        )}
      <Outcome operation={operation} shownCause={shownCause} />
      {operation.stages.length > 0 && <Stages stages={operation.stages} />}
      <OperationActions operation={operation} />
    </div>
  );
}
