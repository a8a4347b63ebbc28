import { useTranslation } from 'react-i18next';
import { type Path, valueAt } from '@/ui/editor/yaml/nodes';
import { ChoiceField, NumberField, TextField, WordsField } from './fields';
import { useManifestForm } from './form-context';
import { PROBES, probeNumbers } from './model/check-container';
import { handlers, type ProbeHandler, setHandler, setPort, setRequiredWords } from './model/edits';
import { Section } from './section';

type Probe = (typeof PROBES)[number];

export function Probes({ container }: { container: Path }) {
  const { t } = useTranslation();
  const { manifest } = useManifestForm();
  const used = PROBES.filter((probe) => valueAt(manifest.value, [...container, probe]));
  return (
    <Section
      title={t('create.probes')}
      summary={used.map((probe) => t(`create.probe.${probe}`)).join(t('mark.comma')) || t('create.unset')}
      testId="section-probes"
    >
      {PROBES.map((probe) => (
        <ProbeFields key={probe} container={container} probe={probe} />
      ))}
    </Section>
  );
}

function ProbeFields({ container, probe }: { container: Path; probe: Probe }) {
  const { t } = useTranslation();
  const { manifest } = useManifestForm();
  const path = [...container, probe];
  const value = valueAt(manifest.value, path);
  const handler = handlers.find((one) => valueAt(value, [one]) !== undefined);
  const options: { value: string; label: string }[] = [
    { value: 'none', label: t('create.handler.none') },
    ...handlers.map((one) => ({ value: one, label: t(`create.handler.${one}`) })),
  ];
  const isOther = Boolean(value) && !handler;
  if (isOther) options.push({ value: 'other', label: t('create.inYaml') });
  const change = (_: Path, chosen: string) => {
    if (chosen === 'other') return () => {};
    return setHandler(path, chosen === 'none' ? null : (chosen as ProbeHandler));
  };
  return (
    <fieldset className="form-group">
      <legend>{t(`create.probe.${probe}`)}</legend>
      <p className="quiet">{t(`create.probeHint.${probe}`)}</p>
      <div className="form-row">
        <ChoiceField
          path={path}
          label={t('create.handler.label')}
          options={options}
          value={handler ?? (isOther ? 'other' : 'none')}
          change={change}
        />
        {handler === 'httpGet' && (
          <TextField path={[...path, 'httpGet', 'path']} label={t('create.path')} placeholder="/" />
        )}
        {handler && handler !== 'exec' && (
          <TextField path={[...path, handler, 'port']} label={t('create.probePort')} change={setPort} />
        )}
        {handler === 'exec' && (
          <WordsField
            path={[...path, 'exec', 'command']}
            label={t('create.command')}
            change={setRequiredWords}
          />
        )}
      </div>
      {handler && (
        <div className="form-row numbers">
          {Object.entries(probeNumbers).map(([field, rule]) => (
            <NumberField
              key={field}
              path={[...path, field]}
              label={t(`create.probeNumber.${field as keyof typeof probeNumbers}`)}
              rule={rule}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
