import { ReloadOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { Copy } from '../controls/copy';
import { Age, useNow } from './age';
import { isOutage, OutageContext } from './outage';
import { useTimes } from './times';

interface ProblemProps {
  error: GraphqlError;
  retry?: () => void;
  /** When what is still shown was true, in milliseconds. */
  asOf?: number;
}

const RETRY_MS = 5_000;

/** Why a part of the page cannot be read. That the server does not answer is said once for all parts. */
export function Problem(props: ProblemProps) {
  const report = useContext(OutageContext);
  return report && isOutage(props.error) ? <Reported {...props} /> : <ProblemBox {...props} />;
}

/** What stands in the place of a part while the page says why. */
function Reported({ error, retry, asOf }: ProblemProps) {
  const { t } = useTranslation();
  const report = useContext(OutageContext);
  const newest = useRef(retry);
  newest.current = retry;
  const { code, message, requestId } = error;
  useEffect(
    () => report?.({ error: { code, message, requestId }, retry: () => newest.current?.() }),
    [report, code, message, requestId],
  );
  return (
    <p className="quiet" data-testid="waits-for-server">
      {asOf ? (
        <>
          {t('problem.asOf')} <Age at={asOf} />.
        </>
      ) : (
        t('problem.waits')
      )}
    </p>
  );
}

/** Retries while the server is not available, so that a page recovers by itself. Answers when it does so next. */
function useRetry(error: GraphqlError, retry?: () => void): number | null {
  const newest = useRef(retry);
  newest.current = retry;
  const [next, setNext] = useState<number | null>(null);
  const retries = error.code === 'UNAVAILABLE' && retry !== undefined;
  useEffect(() => {
    if (!retries) return;
    const pause = RETRY_MS * (1 + Math.random() / 2);
    setNext(Date.now() + pause);
    const timer = setInterval(() => {
      setNext(Date.now() + pause);
      if (!document.hidden) newest.current?.();
    }, pause);
    return () => clearInterval(timer);
  }, [retries]);
  return retries ? next : null;
}

interface ProblemBoxProps extends ProblemProps {
  /** Since when it is so, in milliseconds; since it is shown where nobody knows. */
  since?: number;
}

/** A failed request in one box: what, since when, what still works, the way out, and the id to ask about. */
export function ProblemBox({ error, retry, asOf, since }: ProblemBoxProps) {
  const { t } = useTranslation();
  const times = useTimes();
  const next = useRetry(error, retry);
  const [shown] = useState(Date.now);
  const codes = ['UNAVAILABLE', 'NO_ANSWER', 'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'NOT_YET'] as const;
  const code = codes.find((one) => one === error.code) ?? 'other';
  const time = times.clock(since ?? shown);
  return (
    <Alert
      type="error"
      showIcon
      data-testid="problem"
      title={t(`problem.${code}`)}
      description={
        <>
          <div>
            {code !== 'NO_ANSWER' && `${t('problem.since', { time })} `}
            {asOf ? (
              <>
                {t('problem.asOf')} <Age at={asOf} />.{' '}
              </>
            ) : null}
            {code === 'UNAVAILABLE' && t('problem.stillWorks')}
          </div>
          {error.message && <code>{error.message}</code>}
          <div className="problem-ways">
            {retry && (
              <Button
                size="small"
                icon={<ReloadOutlined aria-hidden="true" />}
                onClick={retry}
                data-testid="problem-retry"
              >
                {t('problem.retry')}
              </Button>
            )}
            {next && <ByItself next={next} />}
            <span className="grow" />
            {error.requestId && (
              <span className="quiet">
                {t('problem.request', { id: error.requestId })} <Copy text={error.requestId} />
              </span>
            )}
          </div>
        </>
      }
    />
  );
}

function ByItself({ next }: { next: number }) {
  const { t } = useTranslation();
  const seconds = Math.max(0, Math.ceil((next - useNow()) / 1_000));
  return (
    <span className="quiet" aria-hidden="true">
      {t('problem.byItself', { seconds })}
    </span>
  );
}
