import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { Copy } from '@/ui/controls/copy';
import { ProofBadge } from '@/ui/evidence/proof-badge';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useEventProofQuery } from './api';
import { isIncluded } from './inclusion';
import { ProofSteps } from './proof-steps';

/** How often it is asked for while the event waits for its checkpoint. */
const POLL_MS = 3_000;

/** A proof that the log contains the event. It is requested when it is opened. */
export function EventProof({ position }: { position: string }) {
  const { t } = useTranslation();
  const { data: proof, error, refetch, isLoading } = useEventProofQuery(position);
  useEventProofQuery(position, { skip: isLoading || Boolean(proof || error), pollingInterval: POLL_MS });
  const [isProved, setIsProved] = useState<boolean | null>(null);
  useEffect(() => {
    let isCurrent = true;
    if (proof?.text) void isIncluded(position, proof).then((proved) => isCurrent && setIsProved(proved));
    return () => {
      isCurrent = false;
    };
  }, [position, proof]);
  if (isLoading) return <Loading lines={1} retry={refetch} />;
  if (error) return <Problem error={error as GraphqlError} retry={refetch} />;
  if (!proof) {
    return (
      <p className="quiet">
        <ProofBadge state="waits" /> {t('audit.proof.notSealed')}{' '}
        <Button size="small" onClick={refetch}>
          {t('problem.retry')}
        </Button>
      </p>
    );
  }
  const file = `event-${position}.tlog-proof`;
  const offline = `binnacle-audit verify --proof ${file} --key KEY`;
  return (
    <div data-testid="event-proof">
      {proof.text ? (
        <>
          {isProved !== null && (
            <p>
              <ProofBadge state={isProved ? 'proved' : 'refuted'} />{' '}
              {t(isProved ? 'audit.proof.checked' : 'audit.proof.refuted')}
            </p>
          )}
          {isProved !== false && (
            <>
              <p>{t('audit.proof.signed', { position, size: proof.treeSize })}</p>
              <ProofSteps position={position} proof={proof} />
            </>
          )}
          <Button
            size="small"
            icon={<DownloadOutlined aria-hidden="true" />}
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(proof.text)}`}
            download={file}
          >
            {t('audit.proof.download')}
          </Button>
          <p className="quiet">{t('audit.proof.offline')}</p>
          <p className="offline-command">
            <code>{offline}</code> <Copy text={offline} />
          </p>
          <details className="fold">
            <summary>{file}</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
            <pre tabIndex={0}>{proof.text}</pre>
          </details>
        </>
      ) : (
        <p className="quiet">{t('audit.proof.notSigned')}</p>
      )}
    </div>
  );
}
