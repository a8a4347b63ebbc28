import { Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { pageOf } from '@/features/causes/place';
import { targetId, useOperationQuery } from '@/features/operations/api';
import { OperationBody } from '@/features/operations/operation-body';
import { isActive } from '@/features/operations/states';
import { LinkButton } from '@/ui/controls/link-button';

interface FollowProps {
  operation: string;
  /** It is done: nothing of the text has to be kept. */
  done: () => void;
  /** It did not succeed, and the author goes on with the text. */
  toText: () => void;
}

/** The operation that applies a text, to its end. */
export default function Follow({ operation: id, done, toText }: FollowProps) {
  const { t } = useTranslation();
  const operation = useOperationQuery(id).currentData?.operation;
  const state = operation?.state;
  useEffect(() => {
    if (state === 'SUCCEEDED') done();
  }, [state, done]);
  return (
    <section className="panel" aria-label={t('edit.step.follow')} data-testid="edit-follow">
      <OperationBody id={id} />
      <div className="form-actions">
        {operation && <LinkButton href={pageOf(targetId(operation.target))}>{t('edit.toObject')}</LinkButton>}
        {state && state !== 'SUCCEEDED' && !isActive(state) && (
          <Button onClick={toText} data-testid="edit-again">
            {t('edit.toText')}
          </Button>
        )}
      </div>
    </section>
  );
}
