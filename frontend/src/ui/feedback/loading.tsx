import { Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from './problem';

const BAR_MS = 150;
const SLOW_MS = 2_000;
const NONE_MS = 10_000;

/** How long something has been waited for, in steps; 0 while nothing is waited for. */
function useWait(isOn: boolean): number {
  const [waited, setWaited] = useState(0);
  useEffect(() => {
    if (!isOn) return;
    const timers = [BAR_MS, SLOW_MS, NONE_MS].map((after) => setTimeout(() => setWaited(after), after));
    return () => {
      timers.forEach(clearTimeout);
      setWaited(0);
    };
  }, [isOn]);
  return waited;
}

const noAnswer = { code: 'NO_ANSWER', message: '' };

interface LoadingProps {
  /** As many lines as what will be there. */
  lines?: number;
  retry?: () => void;
  /** Whether it comes over the connection: then that says whether the server is there. */
  isPushed?: boolean;
  'data-testid'?: string;
}

/** The place of what is being read, in its final size. A wait that is too long is put into words, then into an error. */
export function Loading({ lines = 8, retry, isPushed = false, ...rest }: LoadingProps) {
  const { t } = useTranslation();
  const waited = useWait(true);
  if (waited === NONE_MS && !isPushed) return <Problem error={noAnswer} isAsked retry={retry} />;
  return (
    <div aria-busy="true" {...rest}>
      <Skeleton active title={false} paragraph={{ rows: lines }} />
      {waited >= SLOW_MS && (
        <p className="quiet" role="status">
          {t('loading.slow')}
        </p>
      )}
    </div>
  );
}

interface RereadingProps {
  isOn: boolean;
  retry: () => void;
  /** When what stands there meanwhile was read, in milliseconds. */
  asOf?: number;
}

/** The sign that what stands there is being read anew: a bar, then words, then an error. */
export function Rereading({ isOn, retry, asOf }: RereadingProps) {
  const { t } = useTranslation();
  const waited = useWait(isOn);
  if (waited === NONE_MS) return <Problem error={noAnswer} isAsked retry={retry} asOf={asOf} />;
  return (
    <>
      {waited >= BAR_MS && <div className="reading-bar" aria-hidden="true" data-testid="reading-bar" />}
      {waited >= SLOW_MS && (
        <p className="quiet" role="status">
          {t('loading.slow')}
        </p>
      )}
    </>
  );
}
