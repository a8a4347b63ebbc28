import { Radio } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { ConfigEditor } from '@/ui/editor/config-editor';
import type { ConfigLanguage } from '@/ui/editor/config-lint';

export function Manifest({ workload }: { workload: WorkloadDetailFragment }) {
  const { t } = useTranslation();
  const [language, setLanguage] = useState<ConfigLanguage>('yaml');
  const text = useMemo(
    () =>
      language === 'yaml'
        ? stringify(workload.manifest, { lineWidth: 0 })
        : `${JSON.stringify(workload.manifest, null, 2)}\n`,
    [workload.manifest, language],
  );
  return (
    <div className="stack">
      <Radio.Group
        value={language}
        onChange={(event) => setLanguage(event.target.value)}
        optionType="button"
        aria-label={t('detail.notation')}
        options={[
          { value: 'yaml', label: 'YAML' },
          { value: 'json', label: 'JSON' },
        ]}
      />
      <section className="panel flush" data-testid="manifest">
        <ConfigEditor
          value={text}
          language={language}
          readOnly
          label={t('detail.manifest', { name: workload.name })}
        />
      </section>
    </div>
  );
}
