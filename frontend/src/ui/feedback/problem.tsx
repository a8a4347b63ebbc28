import { Alert, Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { Age } from './age';

interface ProblemProps {
  error: GraphqlError;
  retry?: () => void;
  /** When what is still shown was true, in milliseconds. */
  asOf?: number;
}

const RETRY_MS = 5_000;

/** Retries while the server is not available, so that a page recovers by itself. */
function useRetry(error: GraphqlError, retry?: () => void) {
  const newest = useRef(retry);
  newest.current = retry;
  const isAway = error.code === 'UNAVAILABLE';
  useEffect(() => {
    if (!isAway) return;
    const timer = setInterval(
      () => document.hidden || newest.current?.(),
      RETRY_MS * (1 + Math.random() / 2),
    );
    return () => clearInterval(timer);
  }, [isAway]);
}

/** A failed request in words, with a button to retry it. */
export function Problem({ error, retry, asOf }: ProblemProps) {
  const { t } = useTranslation();
  useRetry(error, retry);
  const codes = ['UNAVAILABLE', 'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'NOT_YET'] as const;
  const code = codes.find((one) => one === error.code) ?? 'other';
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
