import { Alert, Button, Input } from 'antd';
import type { TFunction } from 'i18next';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Environment } from '@/graphql/generated/graphql';
import { Field } from '@/ui/controls/field';
import { placeKey } from '@/ui/evidence/field-place';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useTimes } from '@/ui/feedback/times';
import type { Preview } from './api';
import { previewChanges } from './change-tag';
import { EditConflict } from './edit-conflict';
import { PreviewCard } from './preview-card';
import type { Editing } from './use-editing';

interface ReviewProps {
  editing: Editing;
  /** The id of the object that is edited. */
  edited: string | null;
  environment: Environment | undefined;
  toLine: (line: number) => void;
}

/** More documents than these are shown with their lines folded. */
const FEW = 5;

/** What would become of each document, and the way to apply them. Nothing was changed so far. */
export function Review({ editing, edited, environment, toLine }: ReviewProps) {
  const { t } = useTranslation();
  const times = useTimes();
  const { objects, previewError, previewedAt, base, result } = editing;
  const conflicts = objects?.find(({ id }) => id === edited)?.conflicts ?? [];
  const isOverlapped =
    edited !== null && base !== null && (conflicts.length > 0 || result.refused?.code === 'CONFLICT');
  const retry = () => void editing.review();
  if (previewError) return <Problem error={previewError} retry={retry} />;
  if (!objects) return <Loading lines={8} retry={retry} />;
  return (
    <div className="stack" data-testid="edit-review">
      <p role="status" className="preview-summary" data-testid="preview-summary">
        <strong>{t('edit.stored')}</strong> <span>{summaryOf(t, objects)}</span>
        {previewedAt && <span className="quiet">{t('edit.dryRun', { time: times.clock(previewedAt) })}</span>}
      </p>
      {isOverlapped && (
        <EditConflict
          id={edited}
          base={base}
          yours={editing.own()}
          managers={new Map(conflicts.map(({ path, manager }) => [placeKey(path), manager]))}
          settle={editing.settle}
        />
      )}
      {objects.map((preview, index) => (
        <PreviewCard
          // biome-ignore lint/suspicious/noArrayIndexKey: a document that cannot be read has nothing but its place.
          key={index}
          preview={preview}
          ownership={preview.id !== edited ? editing.ownership : undefined}
          toLine={toLine}
          isOpen={objects.length <= FEW}
        />
      ))}
      <Decision editing={editing} objects={objects} environment={environment} isOverlapped={isOverlapped} />
    </div>
  );
}

/** How many there are of each. */
function summaryOf(t: TFunction, objects: readonly Preview[]): string {
  return previewChanges
    .map((change) => ({ change, count: objects.filter((one) => one.change === change).length }))
    .filter(({ count }) => count > 0)
    .map(({ change, count }) => t('edit.count', { count, change: t(`previewChange.${change}`) }))
    .join(t('mark.comma'));
}

interface DecisionProps extends Pick<ReviewProps, 'editing' | 'environment'> {
  objects: readonly Preview[];
  isOverlapped: boolean;
}

/** The reason, and the button that names what it does and where. */
function Decision({ editing, objects, environment, isOverlapped }: DecisionProps) {
  const { t } = useTranslation();
  const { reason, setReason } = editing;
  const [isTried, setIsTried] = useState(false);
  const needsReason = environment === 'PRODUCTION';
  const lacksReason = needsReason && reason.trim() === '';
  const refused = objects.filter(({ change, conflicts }) => change === 'REFUSED' && conflicts.length === 0);
  const isNothing = objects.every(({ change }) => change === 'NONE');
  const isOpen = objects.some(({ change, conflicts }) => change === 'REFUSED' && conflicts.length > 0);
  const inTheWay =
    isOverlapped || isOpen
      ? t('edit.settleFirst')
      : refused.length > 0
        ? t('edit.refusedFirst', { count: refused.length })
        : isNothing
          ? t('edit.nothing')
          : null;
  const { refusal, refused: refusedBy } = editing.result;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (!inTheWay && !lacksReason && !editing.isBusy) void editing.apply();
  };
  const place = environment ? t(`edit.to.${environment}`) : t('edit.to.other');
  const [only, ...others] = objects;
  const act =
    only && others.length === 0 && only.change === 'UPDATE'
      ? t('edit.applyFields', { count: only.diff.length, place })
      : t('edit.applyDocuments', { count: objects.length, place });
  return (
    <form className="edit-decision" onSubmit={submit} noValidate>
      {refusal && !isOverlapped && (
        <Alert type="error" showIcon title={refusal} data-testid="edit-refusal" data-code={refusedBy?.code} />
      )}
      {inTheWay && <Alert type="info" showIcon title={inTheWay} data-testid="edit-in-the-way" />}
      <Field
        id="reason"
        label={t(needsReason ? 'edit.reasonRequired' : 'command.reason')}
        error={isTried && lacksReason ? t('edit.reasonMissing') : null}
      >
        <Input
          id="reason"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          aria-required={needsReason}
          aria-invalid={isTried && lacksReason}
          aria-describedby="reason-notes"
          data-testid="edit-reason"
        />
      </Field>
      <div className="form-actions">
        <Button onClick={editing.toText} data-testid="edit-back">
          {t('edit.back')}
        </Button>
        <Button
          type="primary"
          htmlType="submit"
          className={environment && `environment-${environment}`}
          disabled={inTheWay !== null}
          loading={editing.isApplying}
          data-testid="edit-apply"
        >
          {act}
        </Button>
      </div>
    </form>
  );
}
