import { ReloadOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '@/graphql/connection-slice';
import { type GraphqlError, isOutage } from '@/graphql/error';
import { askAgain } from '@/graphql/post';
import { Copy } from '../controls/copy';
import { Age, useNow } from './age';
import { errorWords } from './error-words';
import { OutageContext } from './outage';
import { useTimes } from './times';

interface ProblemProps {
  error: GraphqlError;
  retry?: () => void;
  /** Whether the server may still answer: then it is not asked again by itself. */
  isAsked?: boolean;
  /** When what is still shown was true, in milliseconds. */
  asOf?: number;
}

/** Before the first retries of a part that alone cannot be read. */
const PAUSES_MS = [1_000, 2_000, 5_000] as const;
const LONGEST_PAUSE_MS = 15_000;
const OUTAGE_PAUSE_MS = 5_000;

/**
 * Why a part of the page cannot be read. That the server does not answer is said once for all parts; what it fails to
 * read while the connection is live is the fault of this part alone.
 */
export function Problem(props: ProblemProps) {
  const report = useContext(OutageContext);
  const isLive = useConnection().state === 'live';
  if (!isOutage(props.error)) return <ProblemBox {...props} />;
  const isPart = isLive && props.error.code === 'UNAVAILABLE';
  return report && !isPart ? <Reported {...props} /> : <ProblemBox {...props} isPart={isPart} />;
}

/** What stands in the place of a part while the page says why. */
function Reported({ error, isAsked, retry, asOf }: ProblemProps) {
  const { t } = useTranslation();
  const report = useContext(OutageContext);
  const newest = useRef(retry);
  newest.current = retry;
  const { code, message, requestId } = error;
  useEffect(
    () => report?.({ error: { code, message, requestId }, isAsked, retry: () => newest.current?.() }),
    [report, code, message, requestId, isAsked],
  );
  return (
    <p className="quiet" data-testid="waits-for-server">
      {asOf ? (
        <>
          {t('problem.asOf')} <Age at={asOf} />
          {t('mark.stop').trimEnd()}
        </>
      ) : (
        t('problem.waits')
      )}
    </p>
  );
}

/** Retries while the server is not available, so that a page recovers by itself. Answers when it does so next. */
function useRetry({ error, isAsked, retry, isPart }: ProblemBoxProps): number | null {
  const newest = useRef(retry);
  newest.current = retry;
  const [next, setNext] = useState<number | null>(null);
  const retries = isOutage(error) && !isAsked && retry !== undefined;
  useEffect(() => {
    if (!retries) return;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (tries: number) => {
      const pause = isPart ? (PAUSES_MS[tries] ?? LONGEST_PAUSE_MS) : OUTAGE_PAUSE_MS;
      // Not all pages at the same moment.
      const random = pause * (1 + Math.random() / 2);
      setNext(Date.now() + random);
      timer = setTimeout(() => {
        wait(tries + 1);
        if (!document.hidden) newest.current?.();
      }, random);
    };
    wait(0);
    return () => clearTimeout(timer);
  }, [retries, isPart]);
  return retries ? next : null;
}

interface ProblemBoxProps extends ProblemProps {
  /** Since when it is so, in milliseconds; since it is shown where nobody knows. */
  since?: number;
  /** Whether the server answers all else. */
  isPart?: boolean;
}

/** A failed request in one box: what, since when, what still works, the way out, and the id to ask about. */
export function ProblemBox(props: ProblemBoxProps) {
  const { error, retry, asOf, since, isPart } = props;
  const { t } = useTranslation();
  const times = useTimes();
  const next = useRetry(props);
  const [shown] = useState(Date.now);
  const { meaning, what, next: nextStep, detail } = errorWords(t, error);
  const isPartAway = isPart && meaning === 'UNAVAILABLE';
  const time = times.clock(since ?? shown);
  return (
    <Alert
      type={isPartAway ? 'warning' : 'error'}
      showIcon
      data-testid="problem"
      title={isPartAway ? t('problem.partAway') : what}
      description={
        <>
          <div>
            {meaning !== 'NO_ANSWER' && `${t('problem.since', { time })}${t('mark.space')}`}
            {asOf ? (
              <>
                {t('problem.asOf')} <Age at={asOf} />
                {t('mark.stop')}
              </>
            ) : null}
            {meaning === 'UNAVAILABLE' && !isPart && t('problem.stillWorks')}
            {!isOutage(error) && nextStep}
          </div>
          {detail && <code>{detail}</code>}
          <div className="problem-ways">
            {retry && (
              <Button
                size="small"
                icon={<ReloadOutlined aria-hidden="true" />}
                onClick={() => {
                  if (meaning === 'NO_ANSWER') askAgain();
                  retry();
                }}
                data-testid="problem-retry"
              >
                {t('problem.retry')}
              </Button>
            )}
            {next ? <ByItself next={next} /> : isOutage(error) && <span>{t('problem.triedByItself')}</span>}
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
