import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { WindowRows } from '@/resource/window-rows';
import { useOperationsQuery } from './api';
import { OperationEntries } from './entries';
import { inFlightStates } from './states';

const FIRST = 3;

interface InFlightProps {
  object: { id: string; cluster: { id: string }; cause: { message: { text: string } } | null };
}

/** The operations on an object that are not over, above all its tabs. Nothing while there are none. */
export function InFlight({ object: { id, cluster, cause } }: InFlightProps) {
  const { t } = useTranslation();
  const filter = { cluster: cluster.id, target: id, states: inFlightStates };
  const { currentData, error, refetch, fulfilledTimeStamp } = useOperationsQuery({ filter, first: FIRST });
  const isEmpty = currentData?.nodes.length === 0;
  // Nothing waits in its place, which would move the tabs down and up again.
  if (!error && (!currentData || isEmpty)) return null;
  return (
    <section className="panel in-flight" aria-labelledby="in-flight" data-testid="in-flight">
      <h2 id="in-flight">{t('problems.inFlight')}</h2>
      <WindowRows
        rows={currentData?.nodes.slice(0, FIRST)}
        error={error}
        retry={refetch}
        asOf={fulfilledTimeStamp}
        empty={null}
      >
        {(operations) => <OperationEntries operations={operations} shownCause={cause?.message.text} />}
      </WindowRows>
      {currentData && (currentData.pageInfo.hasNextPage || currentData.nodes.length > FIRST) && (
        <Link href={`/operations?target=${encodeURIComponent(id)}`} prefetch={false}>
          {t('tray.all')}
        </Link>
      )}
    </section>
  );
}
