import { Alert, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClustersQuery, useNamespaceState, useNamespacesQuery } from '@/features/clusters/api';
import { Field } from '@/ui/controls/field';
import { useDebounced } from '@/ui/hooks/use-debounced';
import { useManifestForm } from './form-context';
import { setRequired, setText } from './model/edits';
import { placeOf, textAt } from './model/manifest';

const PATH = ['metadata', 'namespace'];
const ID = placeOf(PATH);
/** Where the server creates what names no namespace. */
export const DEFAULT = 'default';

/** A namespace of the list; typed by hand only where the list cannot be read. */
export function NamespaceField({ cluster }: { cluster: string | undefined }) {
  const { t } = useTranslation();
  const { manifest, apply, wrong } = useManifestForm();
  const [search, setSearch] = useState('');
  const wanted = useDebounced(search) || null;
  const list = useNamespacesQuery({ cluster: cluster ?? null, search: wanted }, { skip: !cluster });
  const isListed = useIsListed(cluster) && !list.isError;
  const error = wrong(PATH);
  const written = textAt(manifest, PATH);
  const namespace = written || DEFAULT;
  const control = {
    id: ID,
    status: error ? ('error' as const) : undefined,
    'aria-describedby': `${ID}-notes`,
    'data-testid': 'field-namespace',
  };
  return (
    <Field
      id={ID}
      label={t('create.namespace')}
      hint={isListed ? undefined : t('create.namespacesUnreadable')}
      error={error}
    >
      {isListed ? (
        <Select
          {...control}
          value={namespace}
          showSearch={{ filterOption: false, onSearch: setSearch }}
          loading={list.isFetching}
          notFoundContent={list.isFetching ? null : t('create.noNamespace')}
          options={list.data?.map((name) => ({ value: name, label: name }))}
          onChange={(name) => {
            setSearch('');
            apply(setRequired(PATH, name), ID);
          }}
        />
      ) : (
        <Input
          {...control}
          value={written}
          placeholder={DEFAULT}
          onChange={({ target }) => apply(setText(PATH, target.value), ID)}
        />
      )}
      <NamespaceNote cluster={cluster} namespace={namespace} />
    </Field>
  );
}

/** Says that nothing can be created in a namespace, as far as the server knows. */
export function NamespaceNote({ cluster, namespace }: { cluster: string | undefined; namespace: string }) {
  const { t } = useTranslation();
  const isListed = useIsListed(cluster);
  const state = useNamespaceState(isListed && cluster ? cluster : null, namespace);
  const { data } = useClustersQuery();
  if (!state) return null;
  const values = { namespace, cluster: data?.find(({ id }) => id === cluster)?.name ?? cluster };
  return (
    <Alert
      type="warning"
      showIcon
      role="status"
      data-testid={`namespace-${state}`}
      title={t(`create.namespaceIs.${state}`, values)}
    />
  );
}

/** Whether Binnacle may list the namespaces of a cluster. */
function useIsListed(cluster: string | undefined): boolean {
  const { data } = useClustersQuery();
  const unreadable = data?.find(({ id }) => id === cluster)?.unreadable ?? [];
  return !unreadable.some(({ kind }) => kind === 'Namespace');
}
