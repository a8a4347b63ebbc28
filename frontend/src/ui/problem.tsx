import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { Age } from './age';

interface ProblemProps {
  error: GraphqlError;
  retry?: () => void;
  /** When what is still shown was true, in milliseconds. */
  asOf?: number;
}

/** Broken infrastructure, in words, with a way to try again. What was read before stays on the screen. */
export function Problem({ error, retry, asOf }: ProblemProps) {
  const { t } = useTranslation();
  const known = ['UNAVAILABLE', 'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'NOT_YET'] as const;
  const code = known.find((one) => one === error.code) ?? 'other';
  return (
    <Alert
      type="error"
      showIcon
      data-testid="problem"
      title={t(`problem.${code}`)}
      description={
        <>
          <span>{error.message}</span>
          {asOf ? (
            <div>
              {t('problem.asOf')} <Age at={asOf} />
            </div>
          ) : null}
        </>
      }
      action={
        retry && (
          <Button size="small" onClick={retry} data-testid="problem-retry">
            {t('problem.retry')}
          </Button>
        )
      }
    />
  );
}
