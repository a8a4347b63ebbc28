import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { CauseFieldsFragment } from '@/graphql/generated/graphql';
import type { Named } from './next-step';
import { useNextStep } from './use-next-step';

interface NextStepLineProps {
  object: Named;
  cause: CauseFieldsFragment | null;
  /** The workload of a pod. */
  workload?: Named | null;
}

/** What one does next about an object in trouble. */
export function NextStepLine({ object, cause, workload }: NextStepLineProps) {
  const { t } = useTranslation();
  const { step, name, href } = useNextStep(object, cause, workload);
  return (
    <p className="next-step-line" data-testid="next-step">
      {t('cause.next')}{' '}
      <Link href={href} prefetch={false}>
        {t(`nextStep.${step}`, { name })}
      </Link>
    </p>
  );
}
