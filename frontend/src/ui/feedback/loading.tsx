import { Alert, Button, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const SLOW_MS = 2_000;
const NONE_MS = 10_000;

interface LoadingProps {
  /** As many lines as what will be there. */
  lines?: number;
  retry?: () => void;
  'data-testid'?: string;
}

/** The place of what is being read, in its final size. A wait that is too long is put into words. */
export function Loading({ lines = 8, retry, ...rest }: LoadingProps) {
  const { t } = useTranslation();
  const [waited, setWaited] = useState(0);
  useEffect(() => {
    const timers = [SLOW_MS, NONE_MS].map((after) => setTimeout(() => setWaited(after), after));
    return () => timers.forEach(clearTimeout);
  }, []);
  return (
    <div aria-busy="true" {...rest}>
      {waited === NONE_MS && (
        <Alert
          type="error"
          showIcon
          title={t('loading.none', { seconds: NONE_MS / 1_000 })}
          action={
            retry && (
              <Button size="small" onClick={retry}>
                {t('problem.retry')}
              </Button>
            )
          }
        />
      )}
      <Skeleton active title={false} paragraph={{ rows: lines }} />
      {waited === SLOW_MS && (
        <p className="quiet" role="status">
          {t('loading.slow')}
        </p>
      )}
    </div>
  );
}
