import type { FilterSpec } from '@/resource/list-parameters';
import { knownClusters, useNamespaceNames } from './api';

export const clusterFilter: FilterSpec<{ cluster?: unknown }> = {
  key: 'cluster',
  field: 'cluster',
  control: 'named',
  token: 'cluster',
  label: 'csv.cluster',
  known: knownClusters,
};

/** Where the objects of a list are: the filters of every list of more than one place. */
export const placeFilters: readonly FilterSpec<{ cluster?: unknown; namespaces?: unknown }>[] = [
  clusterFilter,
  {
    key: 'ns',
    field: 'namespaces',
    control: 'suggestion',
    token: 'namespace',
    label: 'workloads.namespace',
    useSuggestions: useNamespaceNames,
  },
];
