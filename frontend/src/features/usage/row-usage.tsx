import { Alert } from 'antd';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsAway, useKnownClusters } from '@/features/clusters/api';
import type { GraphqlError } from '@/graphql/error';
import type { TypedDocumentString } from '@/graphql/generated/graphql';
import { stream } from '@/graphql/stream';
import type { Column } from '@/resource/resource-table';
import { Failure } from '@/ui/feedback/failure';

/** What was measured of one row. */
export interface RowUsage {
  id: string;
  cpuMillicores: number;
  memoryBytes: number;
}

/** One scrape of a cluster. */
interface Sample<Row extends RowUsage> {
  clusterId: string;
  available: boolean;
  message: string | null;
  rows: Row[];
}

/** The last scrape of each cluster. */
interface Sampled {
  rows: ReadonlyMap<string, RowUsage>;
  /** Which clusters were not measured, and why. */
  failures: readonly { cluster: string; message: string }[];
  isMeasured: boolean;
}

const NOTHING: Sampled = { rows: new Map(), failures: [], isMeasured: true };

const Context = createContext<Sampled>(NOTHING);

/** What was measured of a row; undefined while it was not. */
export const useRowUsage = <Row extends RowUsage>(id: string) =>
  useContext(Context).rows.get(id) as Row | undefined;

/** The columns without those of usage where no cluster is measured. Before the first answer, one is assumed to be. */
export function useMeasured<Row>(columns: readonly Column<Row>[], ofUsage: readonly Column<Row>[]) {
  const { isMeasured } = useContext(Context);
  return isMeasured ? columns : columns.filter((column) => !ofUsage.includes(column));
}

interface UsageOfRowsProps<Data, Filter, Row extends RowUsage> {
  document: TypedDocumentString<Data, { filter?: Filter | null }>;
  filter: Filter;
  sample: (data: Data) => Sample<Row>;
  children: ReactNode;
}

/** Measures the rows that are shown within, and says if that is not possible. */
export function UsageOfRows<Data, Filter, Row extends RowUsage>({
  document,
  filter,
  sample,
  children,
}: UsageOfRowsProps<Data, Filter, Row>) {
  const { t } = useTranslation();
  const [samples, setSamples] = useState<Readonly<Record<string, Sample<Row>>>>({});
  const [error, setError] = useState<GraphqlError | null>(null);
  const wanted = JSON.stringify(filter);
  const isAway = useIsAway();
  const clusters = useKnownClusters();

  useEffect(() => {
    setSamples({});
    setError(null);
    return stream({
      document,
      variables: () => ({ filter: JSON.parse(wanted) as Filter }),
      next: (data) => {
        const latest = sample(data);
        setError(null);
        setSamples((known) => ({ ...known, [latest.clusterId]: latest }));
      },
      failed: setError,
    });
  }, [document, sample, wanted]);

  const sampled = useMemo<Sampled>(() => {
    const all = Object.values(samples);
    return {
      rows: new Map(all.flatMap(({ rows }) => rows).map((row) => [row.id, row])),
      failures: all.flatMap(({ clusterId, available, message }) =>
        available ? [] : [{ cluster: clusterId, message: message ?? '' }],
      ),
      isMeasured: all.length === 0 || all.some(({ available }) => available),
    };
  }, [samples]);

  // That a cluster does not answer is said once for the page.
  const failures = sampled.failures.filter(({ cluster }) => !isAway(cluster));
  const nameOf = (cluster: string) => clusters?.find(({ id }) => id === cluster)?.name ?? cluster;

  return (
    <Context value={sampled}>
      {error && (
        <Failure
          error={error}
          text={(message) => t('usage.failed', { message })}
          className="not-measured"
          data-testid="usage-failed"
        />
      )}
      {failures.length > 0 && (
        <Alert
          type="info"
          showIcon
          className="not-measured"
          title={t('usage.unavailable', {
            clusters: failures.map(({ cluster }) => nameOf(cluster)).join(t('mark.comma')),
          })}
          description={failures.map(({ cluster, message }) => (
            <div key={cluster}>
              {failures.length > 1 && `${nameOf(cluster)}${t('mark.colon')}`}
              {message}
            </div>
          ))}
          data-testid="usage-unavailable"
        />
      )}
      {children}
    </Context>
  );
}
