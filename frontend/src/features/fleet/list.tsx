'use client';

import { PlusOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Cluster, useClustersQuery } from '@/features/clusters/api';
import type { GraphqlError } from '@/graphql/error';
import { WindowRows } from '@/resource/window-rows';
import { LinkButton } from '@/ui/controls/link-button';
import { Empty } from '@/ui/feedback/empty';
import { useAddress } from '@/ui/hooks/use-address';
import { PageHead } from '@/ui/page-head';
import { useClusterCountsQuery } from './api';
import { ClusterCard } from './cluster-card';
import { inOrder } from './order';
import { Removal } from './removal';
import './fleet.css';

/** A person sees that a cluster does not answer as soon as the server does. */
const POLL_MS = 5_000;
/** Nobody waits for the numbers. */
const COUNT_MS = 15_000;
/** So many are found by looking. */
const MOST_WITHOUT_SEARCH = 8;

/** All clusters, each with its health. */
export function ClusterList() {
  const { t } = useTranslation();
  const { get, set } = useAddress();
  const { data, error, refetch, fulfilledTimeStamp } = useClustersQuery(undefined, {
    pollingInterval: POLL_MS,
    skipPollingIfUnfocused: true,
  });
  // Its dialog stays as it was opened, whatever becomes of the list.
  const [leaving, setLeaving] = useState<Cluster | null>(null);
  const text = get('q');
  const shown = data && inOrder(data).filter((one) => matches(one, text));
  const hasSearch = text !== '' || (data?.length ?? 0) > MOST_WITHOUT_SEARCH;
  return (
    <>
      <PageHead title={t('shell.clusters')} lead={data && <Lead clusters={data} />}>
        <AddButton />
      </PageHead>
      {hasSearch && (
        <search>
          <Input
            className="fleet-search"
            allowClear
            value={text}
            aria-label={t('fleet.find')}
            placeholder={t('fleet.find')}
            onChange={({ target }) => set({ q: target.value || null })}
            data-testid="cluster-search"
          />
        </search>
      )}
      <WindowRows
        rows={shown}
        error={error as GraphqlError | undefined}
        retry={() => void refetch()}
        asOf={data && fulfilledTimeStamp}
        height={6}
        empty={
          <section className="panel">
            <Empty text={t(data?.length === 0 ? 'fleet.none' : 'fleet.noneMatch')}>
              {data?.length === 0 && <AddButton />}
            </Empty>
          </section>
        }
      >
        {(clusters) => (
          <ul className="panel flush fleet" aria-label={t('shell.clusters')}>
            {clusters.map((cluster) => (
              <One key={cluster.id} cluster={cluster} remove={() => setLeaving(cluster)} />
            ))}
          </ul>
        )}
      </WindowRows>
      {leaving && <Removal cluster={leaving} close={() => setLeaving(null)} />}
    </>
  );
}

function AddButton() {
  const { t } = useTranslation();
  return (
    <LinkButton icon={<PlusOutlined aria-hidden="true" />} href="/clusters/new" data-testid="cluster-add">
      {t('fleet.add')}
    </LinkButton>
  );
}

const matches = ({ name, environment, version }: Cluster, text: string) =>
  [name, environment, version].some((part) => part?.toLowerCase().includes(text.trim().toLowerCase()));

/** How many there are, and how many of them do not answer. */
function Lead({ clusters }: { clusters: readonly Cluster[] }) {
  const { t } = useTranslation();
  const away = clusters.filter(({ state }) => state === 'UNREACHABLE').length;
  return (
    <p className="quiet" role="status" data-testid="clusters-lead">
      {t('fleet.count', { count: clusters.length })}
      {away > 0 && `${t('mark.stop')}${t('fleet.away', { count: away })}`}
    </p>
  );
}

function One({ cluster, remove }: { cluster: Cluster; remove: () => void }) {
  const { data: counts } = useClusterCountsQuery(cluster.id, {
    pollingInterval: COUNT_MS,
    skipPollingIfUnfocused: true,
  });
  return <ClusterCard cluster={cluster} counts={counts} remove={remove} />;
}
