'use client';

import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';
import { useRequestedManifestQuery } from '@/features/operations/api';
import type { GraphqlError } from '@/graphql/error';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useAddress } from '@/ui/hooks/use-address';
import { PageHead } from '@/ui/page-head';
import { ContainerForm } from './form';

/** The page of a new workload: empty, or with the manifest of the operation that the address names. */
export function CreatePage() {
  const from = useAddress().get('from');
  return from ? <Again key={from} operation={from} /> : <ContainerForm />;
}

function Again({ operation }: { operation: string }) {
  const { t } = useTranslation();
  const { currentData: found, error, refetch } = useRequestedManifestQuery(operation);
  if (found) {
    const text = stringify(found.manifest, { lineWidth: 0 });
    return <ContainerForm start={{ text, cluster: found.cluster }} />;
  }
  if (found === null)
    return (
      <>
        <Alert type="warning" showIcon title={t('create.notCopied')} data-testid="create-not-copied" />
        <ContainerForm />
      </>
    );
  return (
    <>
      <PageHead title={t('create.title')} />
      {error ? (
        <Problem error={error as GraphqlError} retry={refetch} />
      ) : (
        <Loading lines={10} retry={refetch} />
      )}
    </>
  );
}
