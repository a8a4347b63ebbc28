import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Path, remove } from '@/ui/editor/yaml/nodes';
import { Environment } from './environment';
import { TextField, WordsField } from './fields';
import { useManifestForm } from './form-context';
import { RESOURCES } from './model/check-container';
import { setRequired } from './model/edits';
import { containersPath } from './model/kinds';
import { listAt, textAt } from './model/manifest';
import { Ports } from './ports';
import { Probes } from './probes';
import { Section } from './section';

export function ContainerSection({ index }: { index: number }) {
  const { t } = useTranslation();
  const { manifest, apply } = useManifestForm();
  const containers = containersPath(manifest.kind);
  const path = [...containers, index];
  const name = textAt(manifest, [...path, 'name']);
  const isFirst = index === 0;
  return (
    <Section
      title={t('create.container', { name })}
      summary={textAt(manifest, [...path, 'image'])}
      isOpen={isFirst || textAt(manifest, [...path, 'image']) === ''}
      testId="section-container"
    >
      <TextField
        path={[...path, 'image']}
        label={t('create.image')}
        placeholder="registry.example/web:1.2"
        change={setRequired}
        testId={isFirst ? 'field-image' : undefined}
      />
      <TextField path={[...path, 'name']} label={t('create.containerName')} change={setRequired} />
      <WordsField
        path={[...path, 'command']}
        label={t('create.command')}
        hint={t('create.commandHint')}
        testId={isFirst ? 'field-command' : undefined}
      />
      <WordsField path={[...path, 'args']} label={t('create.args')} hint={t('create.argsHint')} />
      <Resources container={path} />
      <Ports container={path} />
      <Environment container={path} />
      <Probes container={path} />
      {listAt(manifest, containers).length > 1 && (
        <div>
          <Button danger onClick={() => apply((document) => remove(document, path))}>
            {t('create.removeContainer', { name })}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Resources({ container }: { container: Path }) {
  const { t } = useTranslation();
  const { manifest } = useManifestForm();
  const pathOf = (of: string, what: string) => [...container, 'resources', of, what];
  const amount = (of: string, what: string) => textAt(manifest, pathOf(of, what)) || '–';
  const isAnySet = RESOURCES.some((what) => amount('requests', what) + amount('limits', what) !== '––');
  const summary = RESOURCES.map(
    (what) => `${t(`create.amount.${what}`)} ${amount('requests', what)} / ${amount('limits', what)}`,
  );
  return (
    <Section
      title={t('create.resources')}
      summary={isAnySet ? summary.join(' · ') : t('create.unset')}
      testId="section-resources"
    >
      <p className="quiet">{t('create.resourcesHint')}</p>
      {RESOURCES.map((what) => (
        <div className="form-row" key={what}>
          <TextField
            path={pathOf('requests', what)}
            label={t(`create.request.${what}`)}
            placeholder={what === 'cpu' ? '100m' : '128Mi'}
          />
          <TextField
            path={pathOf('limits', what)}
            label={t(`create.limit.${what}`)}
            placeholder={what === 'cpu' ? '500m' : '256Mi'}
          />
        </div>
      ))}
    </Section>
  );
}
