import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { FieldChanges } from '@/ui/evidence/field-changes';
import type { CheckOutcome } from './use-check';

/** What the API server would store, as the difference from what is written. A refusal stands at its field instead. */
export function Checked({ outcome }: { outcome: CheckOutcome }) {
  const { t } = useTranslation();
  if (outcome.is === 'refused') return null;
  if (outcome.is === 'notChecked')
    return (
      <Alert
        type="warning"
        showIcon
        role="status"
        title={t('create.notChecked')}
        description={outcome.why}
        data-testid="create-not-checked"
      />
    );
  const { changes, removed } = outcome;
  return (
    <section className="checked" aria-labelledby="checked" data-testid="create-checked">
      <Alert type="success" showIcon role="status" title={<span id="checked">{t('create.stored')}</span>} />
      {removed.length > 0 && (
        <p className="quiet">{t('operations.removed', { fields: removed.join(t('mark.comma')) })}</p>
      )}
      {changes.length > 0 ? (
        <details className="fold" open>
          <summary>{t('create.addedByServer', { count: changes.length })}</summary>
          <FieldChanges changes={changes} />
        </details>
      ) : (
        <p className="quiet">{t('create.storedAsWritten')}</p>
      )}
    </section>
  );
}
