import { Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { ConfigEditor } from '@/ui/editor/config-editor';
import type { ConfigLanguage } from '@/ui/editor/config-lint';
import { Loading } from '@/ui/feedback/loading';

interface ManifestViewProps {
  /** Of the object. */
  name: string;
  language: ConfigLanguage;
  choose: (language: ConfigLanguage) => void;
  /** Undefined until it is there. */
  text: string | undefined;
}

/** The manifest of an object to be read, in the notation that one chooses. */
export function ManifestView({ name, language, choose, text }: ManifestViewProps) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <Radio.Group
        value={language}
        onChange={(event) => choose(event.target.value)}
        optionType="button"
        aria-label={t('detail.notation')}
        options={[
          { value: 'yaml', label: 'YAML' },
          { value: 'json', label: 'JSON' },
        ]}
      />
      {text === undefined ? (
        <Loading />
      ) : (
        <section className="panel flush" data-testid="manifest">
          <ConfigEditor value={text} language={language} readOnly label={t('detail.manifest', { name })} />
        </section>
      )}
    </div>
  );
}
