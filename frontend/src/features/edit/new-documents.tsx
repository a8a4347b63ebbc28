import { Alert, Select } from 'antd';
import { type ChangeEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClustersQuery, useNamespacesQuery } from '@/features/clusters/api';
import type { GraphqlError } from '@/graphql/error';
import { Field } from '@/ui/controls/field';
import { Problem } from '@/ui/feedback/problem';
import { useAddress } from '@/ui/hooks/use-address';
import { joined } from './documents';
import { draftOf } from './drafts';
import { EditingPage } from './editing';
import { type Editing, NEW } from './use-editing';

/** More is refused by the server, and would be felt here. */
const LARGEST = 4 * 1024 * 1024;
/** Where a document goes if nobody says another namespace. */
const DEFAULT = 'default';

/** Documents that are pasted, dropped or read from files. */
export function NewDocuments({ restart }: { restart: () => void }) {
  const { t } = useTranslation();
  const address = useAddress();
  const clusters = useClustersQuery();
  const [start] = useState(() => ({ text: '', base: null, draft: draftOf(NEW) ?? null }));
  const [isTooLarge, setIsTooLarge] = useState(false);
  const cluster = clusters.data?.find(({ id }) => id === address.get('cluster')) ?? clusters.data?.[0];
  const namespace = address.get('ns');
  const hasSeveral = (clusters.data?.length ?? 0) > 1;

  const take = async (files: readonly File[], { text, write }: Editing) => {
    const size = files.reduce((sum, file) => sum + file.size, text.length);
    setIsTooLarge(size > LARGEST);
    if (size > LARGEST) return;
    write(joined([text, ...(await Promise.all(files.map((file) => file.text())))]));
  };

  return (
    <EditingPage
      title={t('edit.newTitle')}
      object={null}
      cluster={cluster}
      namespace={namespace || DEFAULT}
      start={start}
      restart={restart}
      onFiles={(files, editing) => void take(files, editing)}
    >
      {(editing) => (
        <>
          {clusters.error && <Problem error={clusters.error as GraphqlError} retry={clusters.refetch} />}
          {clusters.data?.length === 0 && <Alert type="error" showIcon title={t('create.noCluster')} />}
          {isTooLarge && (
            <Alert type="error" showIcon title={t('edit.tooLarge')} data-testid="edit-too-large" />
          )}
          {editing.step === 'edit' && (
            <div className="filters at-end">
              {hasSeveral && (
                <ClusterChoice value={cluster?.id} choose={(id) => address.set({ cluster: id, ns: null })} />
              )}
              <NamespaceChoice
                cluster={cluster?.id}
                value={namespace}
                choose={(ns) => address.set({ ns, cluster: hasSeveral ? cluster?.id : null })}
              />
              <Files take={(files) => void take(files, editing)} />
            </div>
          )}
        </>
      )}
    </EditingPage>
  );
}

interface ClusterChoiceProps {
  value: string | undefined;
  choose: (cluster: string) => void;
}

function ClusterChoice({ value, choose }: ClusterChoiceProps) {
  const { t } = useTranslation();
  const clusters = useClustersQuery();
  return (
    <div className="filter">
      <Field id="cluster" label={t('create.cluster')}>
        <Select
          id="cluster"
          value={value}
          onChange={choose}
          options={clusters.data?.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Field>
    </div>
  );
}

interface NamespaceChoiceProps {
  cluster: string | undefined;
  value: string;
  choose: (namespace: string | null) => void;
}

/** Where documents go that name no namespace. */
function NamespaceChoice({ cluster, value, choose }: NamespaceChoiceProps) {
  const { t } = useTranslation();
  const { data: names = [] } = useNamespacesQuery({ cluster: cluster ?? null }, { skip: !cluster });
  return (
    <div className="filter">
      <Field id="namespace" label={t('edit.namespace')}>
        <Select
          id="namespace"
          showSearch
          allowClear
          value={value || undefined}
          placeholder={DEFAULT}
          onChange={(ns?: string) => choose(ns ?? null)}
          options={names.map((name) => ({ value: name, label: name }))}
          notFoundContent={t('create.noNamespace')}
        />
      </Field>
    </div>
  );
}

function Files({ take }: { take: (files: readonly File[]) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const read = ({ target }: ChangeEvent<HTMLInputElement>) => {
    take([...(target.files ?? [])]);
    // The same file can be chosen once more.
    target.value = '';
  };
  return (
    <div className="field">
      <label htmlFor={id}>{t('edit.files')}</label>
      <input
        id={id}
        type="file"
        multiple
        accept=".yaml,.yml,.json"
        onChange={read}
        data-testid="edit-files"
      />
    </div>
  );
}
