import { useTranslation } from 'react-i18next';
import { ChoiceField, NumberField, TextField } from './fields';
import { useManifestForm } from './form-context';
import { CONCURRENCY, numberRules } from './model/check';
import { setKind, setName, setRequired } from './model/edits';
import { type Kind, kinds, ruleOf, type SpecField, specPath } from './model/kinds';
import { NamespaceField } from './namespace-field';
import { Section } from './section';

export function Basics({ cluster }: { cluster: string | undefined }) {
  const { t } = useTranslation();
  const { manifest } = useManifestForm();
  const { kind } = manifest;
  return (
    <Section title={t('create.basics')} isOpen isPaired testId="section-basics">
      <ChoiceField
        path={['kind']}
        label={t('create.kind')}
        hint={kind === 'ReplicaSet' ? t('create.replicaSetHint') : undefined}
        options={kinds.map((one) => ({ value: one, label: one }))}
        change={(_, to) => setKind(to as Kind)}
        testId="field-kind"
      />
      <TextField
        path={['metadata', 'name']}
        label={t('create.name')}
        placeholder="web"
        change={(_, name) => setName(kind, name)}
        testId="field-name"
      />
      <NamespaceField cluster={cluster} />
      {ruleOf(kind).fields.map((field) => (
        <SpecFieldControl key={field} field={field} />
      ))}
    </Section>
  );
}

function SpecFieldControl({ field }: { field: SpecField }) {
  const { t } = useTranslation();
  const { manifest } = useManifestForm();
  const common = {
    path: specPath(manifest.kind, field),
    label: t(`create.spec.${field}`),
    testId: `field-${field}`,
  };
  switch (field) {
    case 'schedule':
      return (
        <TextField {...common} placeholder="0 3 * * *" change={setRequired} hint={t('create.scheduleHint')} />
      );
    case 'timeZone':
      return <TextField {...common} placeholder="Etc/UTC" hint={t('create.timeZoneHint')} />;
    case 'serviceName':
      return <TextField {...common} hint={t('create.serviceNameHint')} />;
    case 'concurrencyPolicy':
      return (
        <ChoiceField {...common} options={optional(t('create.byDefault', { value: 'Allow' }), CONCURRENCY)} />
      );
    default:
      return <NumberField {...common} rule={numberRules[field]} />;
  }
}

/** Values of which none may be chosen, which is what Kubernetes takes by default. */
export function optional(none: string, values: readonly string[]) {
  return [{ value: '', label: none }, ...values.map((value) => ({ value, label: value }))];
}
