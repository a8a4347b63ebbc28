import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { ConfigEditor } from '@/ui/config-editor';

export function Manifest({ workload }: { workload: WorkloadDetailFragment }) {
  const { t } = useTranslation();
  const text = useMemo(() => stringify(workload.manifest, { lineWidth: 0 }), [workload.manifest]);
  return (
    <section className="panel flush" data-testid="manifest">
      <ConfigEditor
        value={text}
        language="yaml"
        readOnly
        label={t('detail.manifest', { name: workload.name })}
      />
    </section>
  );
}
