import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import type { ObjectDetailFragment } from '@/graphql/generated/graphql';
import { ManifestView } from '@/resource/manifest-view';
import type { ConfigLanguage } from '@/ui/editor/config-lint';
import { Empty } from '@/ui/feedback/empty';
import { Problem } from '@/ui/feedback/problem';
import { useObjectManifestQuery } from './api';

const formats = { yaml: 'YAML', json: 'JSON' } as const;

/** The manifest as the server writes it. The values of a Secret are masked there. */
export function ObjectManifest({ object }: { object: ObjectDetailFragment }) {
  const { t } = useTranslation();
  const [language, setLanguage] = useState<ConfigLanguage>('yaml');
  const { id, name, version, kind } = object;
  const { data, currentData, error, refetch } = useObjectManifestQuery({
    id,
    version,
    format: formats[language],
  });
  if (currentData === null) return <Empty text={t('objects.gone')} />;
  // The version before stays until the next one is read, but not in another notation.
  const isBefore = data?.trimStart().startsWith('{') === (language === 'json');
  const text = currentData ?? (isBefore ? data : undefined);
  return (
    <>
      {error && <Problem error={error as GraphqlError} retry={() => void refetch()} />}
      {kind.id === 'Secret' && <p className="quiet">{t('objects.masked')}</p>}
      {(text || !error) && (
        <ManifestView name={name} language={language} choose={setLanguage} text={text ?? undefined} />
      )}
    </>
  );
}
