import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useManifestForm } from './form-context';
import { beyond } from './model/beyond';

/** Says which fields of the manifest the form does not show, and that they are kept. */
export function OnlyInYaml({ toYaml }: { toYaml: () => void }) {
  const { t } = useTranslation();
  const places = beyond(useManifestForm().manifest);
  if (places.length === 0) return null;
  return (
    <Alert
      type="info"
      showIcon
      role="status"
      data-testid="only-in-yaml"
      title={t('create.onlyInYaml', { count: places.length })}
      description={
        <ul>
          {places.map((place) => (
            <li key={place}>
              <code className="wrap">{place}</code>
            </li>
          ))}
        </ul>
      }
      action={<Button onClick={toYaml}>{t('create.openYaml')}</Button>}
    />
  );
}
