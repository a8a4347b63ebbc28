import { useTranslation } from 'react-i18next';
import { append, type Path, remove, valueAt } from '@/ui/editor/yaml/nodes';
import { ChoiceField, TextField } from './fields';
import { useManifestForm } from './form-context';
import { type EnvSource, setEnvSource, setRequired } from './model/edits';
import { listAt, textAt } from './model/manifest';
import { Row, Rows, Section } from './section';

const SOURCES: readonly EnvSource[] = ['value', 'configMapKeyRef', 'secretKeyRef'];

export function Environment({ container }: { container: Path }) {
  const { t } = useTranslation();
  const { manifest, apply } = useManifestForm();
  const variables = [...container, 'env'];
  const names = listAt(manifest, variables).map((_, index) =>
    textAt(manifest, [...variables, index, 'name']),
  );
  return (
    <Section
      title={t('create.env')}
      summary={names.length > 0 ? t('create.variables', { count: names.length }) : t('create.unset')}
      testId="section-env"
    >
      <p className="quiet">{t('create.envHint')}</p>
      <Rows
        text={t('create.addVariable')}
        add={() => apply((document) => append(document, variables, { name: '', value: '' }))}
      >
        {names.map((name, index) => (
          <Row
            // biome-ignore lint/suspicious/noArrayIndexKey: a variable is its place in the manifest
            key={index}
            label={t('create.variable', { name: name || `#${index + 1}` })}
            removal={t('create.removeVariable', { name: name || `#${index + 1}` })}
            remove={() => apply((document) => remove(document, [...variables, index]))}
          >
            <Variable path={[...variables, index]} />
          </Row>
        ))}
      </Rows>
    </Section>
  );
}

function Variable({ path }: { path: Path }) {
  const { t } = useTranslation();
  const { manifest } = useManifestForm();
  const from = valueAt(manifest.value, [...path, 'valueFrom']);
  const source = from ? SOURCES.find((one) => valueAt(from, [one]) !== undefined) : 'value';
  const options = SOURCES.map((one): { value: string; label: string } => ({
    value: one,
    label: t(`create.source.${one}`),
  }));
  if (!source) options.push({ value: 'other', label: t('create.inYaml') });
  return (
    <>
      <TextField path={[...path, 'name']} label={t('create.variableName')} change={setRequired} />
      <ChoiceField
        path={[...path, 'valueFrom']}
        label={t('create.from')}
        options={options}
        value={source ?? 'other'}
        change={(_, chosen) => (chosen === 'other' ? () => {} : setEnvSource(path, chosen as EnvSource))}
      />
      {source === 'value' && (
        <TextField path={[...path, 'value']} label={t('create.value')} change={setRequired} />
      )}
      {source && source !== 'value' && (
        <>
          <TextField
            path={[...path, 'valueFrom', source, 'name']}
            label={t(`create.source.${source}`)}
            change={setRequired}
          />
          <TextField
            path={[...path, 'valueFrom', source, 'key']}
            label={t('create.key')}
            change={setRequired}
          />
        </>
      )}
    </>
  );
}
