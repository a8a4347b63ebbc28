import { useMemo, useState } from 'react';
import { stringify } from 'yaml';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { ManifestView } from '@/resource/manifest-view';
import type { ConfigLanguage } from '@/ui/editor/config-lint';

export function Manifest({ workload }: { workload: WorkloadDetailFragment }) {
  const [language, setLanguage] = useState<ConfigLanguage>('yaml');
  const text = useMemo(
    () =>
      language === 'yaml'
        ? stringify(workload.manifest, { lineWidth: 0 })
        : `${JSON.stringify(workload.manifest, null, 2)}\n`,
    [workload.manifest, language],
  );
  return <ManifestView name={workload.name} language={language} choose={setLanguage} text={text} />;
}
