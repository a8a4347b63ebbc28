import { Select } from 'antd';
import { usePathname } from 'next/navigation';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Cluster, useClustersQuery, useNamespacesQuery } from '@/features/clusters/api';
import { useClusterOfPage } from '@/features/clusters/cluster-of-page';
import { EnvironmentTag } from '@/ui/feedback/environment';
import { useAddress } from '@/ui/hooks/use-address';
import { useDebounced } from '@/ui/hooks/use-debounced';
import { useKinds } from './api';

/** The lists of objects that are in clusters and namespaces. */
const LISTS = ['/workloads', '/pods', '/objects'];

/** Which cluster and which namespaces a list is of. Both are filters of the list, and kept in the address. */
export function PlacePickers() {
  const isList = LISTS.includes(usePathname());
  const hasNamespaces = useHasNamespaces();
  if (!isList) return null;
  return (
    <div className="place-pickers" data-testid="place-pickers">
      <ClusterPicker />
      {hasNamespaces && <NamespacePicker />}
    </div>
  );
}

/** Whether the objects of the list are in namespaces. Those of a kind that is not known yet are. */
function useHasNamespaces(): boolean {
  const kind = useAddress().get('kind');
  const { data } = useKinds(useClusterOfPage()?.id);
  return data?.find(({ id }) => id === kind)?.namespaced ?? true;
}

/** Every cluster in which it can be looked for, found by a part of its name. Nothing where there is only one. */
function ClusterPicker() {
  const { t } = useTranslation();
  const id = useId();
  const { get, set } = useAddress();
  const { data: clusters = [] } = useClustersQuery();
  if (clusters.length < 2) return null;
  return (
    <>
      <label className="for-readers" htmlFor={id}>
        {t('workloads.cluster')}
      </label>
      <Select
        id={id}
        popupMatchSelectWidth={false}
        value={get('cluster')}
        options={[
          { value: '', label: t('place.allClusters'), cluster: undefined },
          ...clusters.map((cluster) => ({
            value: cluster.id,
            label: `${cluster.name} · ${t(`environment.${cluster.environment}`)}`,
            cluster,
          })),
        ]}
        showSearch={{ optionFilterProp: 'label' }}
        optionRender={({ label, data: { cluster } }) => (cluster ? <Choice cluster={cluster} /> : label)}
        notFoundContent={t('fleet.noneMatch')}
        onChange={(cluster) => set({ cluster: cluster || null })}
        data-testid="cluster-picker"
      />
    </>
  );
}

/** One cluster in the list: what it is for, and whether it answers. */
function Choice({ cluster: { name, environment, version, state } }: { cluster: Cluster }) {
  const { t } = useTranslation();
  return (
    <span className="cluster-choice">
      <span className="grow">
        {name} <span className="quiet">{version}</span>
      </span>
      {state !== 'READY' && (
        <span className={state === 'UNREACHABLE' ? 'bad-text' : 'warn-text'}>
          {t(`clusterState.${state}`)}
        </span>
      )}
      <EnvironmentTag environment={environment} />
    </span>
  );
}

/** One or several namespaces; none means all. */
function NamespacePicker() {
  const { t } = useTranslation();
  const id = useId();
  const { get, list, set } = useAddress();
  const [search, setSearch] = useState('');
  const wanted = useDebounced(search) || null;
  const cluster = get('cluster') || null;
  const { data: names = [], isFetching } = useNamespacesQuery({ cluster, search: wanted });
  const chosen = list('ns');
  // What is chosen can be taken back, whatever is searched for.
  const shown = [...new Set([...chosen, ...names])];
  return (
    <>
      <label className="for-readers" htmlFor={id}>
        {t('place.ofNamespaces')}
      </label>
      <Select
        id={id}
        mode="multiple"
        className="namespace-picker"
        popupMatchSelectWidth={false}
        allowClear
        value={chosen}
        placeholder={t('place.allNamespaces')}
        maxTagCount={0}
        maxTagPlaceholder={chosen.length === 1 ? chosen[0] : t('place.namespaces', { count: chosen.length })}
        showSearch={{ filterOption: false, onSearch: setSearch }}
        loading={isFetching}
        notFoundContent={isFetching ? null : t('create.noNamespace')}
        options={shown.map((name) => ({ value: name, label: name }))}
        onChange={(namespaces: string[]) => set({ ns: namespaces })}
        data-testid="namespace-picker"
      />
    </>
  );
}
