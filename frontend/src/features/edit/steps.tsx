import { useTranslation } from 'react-i18next';
import type { Step } from './use-editing';

const steps: readonly Step[] = ['edit', 'review', 'follow'];

/** Where one is on the way from a text to what runs. */
export function Steps({ step }: { step: Step }) {
  const { t } = useTranslation();
  return (
    <ol className="edit-steps" aria-label={t('edit.steps')}>
      {steps.map((one, index) => (
        <li
          key={one}
          data-is={index < steps.indexOf(step) ? 'done' : undefined}
          aria-current={one === step ? 'step' : undefined}
        >
          <span aria-hidden="true">{index + 1}</span> {t(`edit.step.${one}`)}
        </li>
      ))}
    </ol>
  );
}
