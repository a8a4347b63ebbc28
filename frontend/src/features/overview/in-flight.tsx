import { useTranslation } from 'react-i18next';
import { useOperationsQuery } from '@/features/operations/api';
import { OperationEntries } from '@/features/operations/entries';
import { inFlightStates } from '@/features/operations/states';
import { WindowRows } from '@/resource/window-rows';

const inFlight = { filter: { states: inFlightStates }, first: 5 };

export function InFlight() {
  const { t } = useTranslation();
  const { data, error, refetch, fulfilledTimeStamp } = useOperationsQuery(inFlight);
  return (
    <section className="panel overview-in-flight" aria-labelledby="in-flight" data-testid="in-flight">
      <h2 id="in-flight">{t('problems.inFlight')}</h2>
      <WindowRows
        rows={data?.nodes.slice(0, inFlight.first)}
        error={error}
        retry={refetch}
        asOf={fulfilledTimeStamp}
        height={2}
        empty={<p className="quiet">{t('problems.noneInFlight')}</p>}
      >
        {(operations) => <OperationEntries operations={operations} />}
      </WindowRows>
    </section>
  );
}
