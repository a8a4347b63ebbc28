import { Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNamespacesQuery } from '@/features/clusters/api';
import type { Result } from '@/resource/use-command';
import { Field } from '@/ui/controls/field';
import { NumberField } from '@/ui/controls/number-field';
import { breaks } from '@/ui/controls/whole-number';
import { replicasRule } from '../actions';
import type { Fields } from './manifest';

const rules = { replicas: replicasRule, port: { least: 1, most: 65_535, optional: true } };

/** Whether a number is wrong; the field says what. */
export function hasWrongNumber(fields: Fields): boolean {
  return breaks(fields.replicas, rules.replicas) || breaks(fields.port, rules.port);
}

interface ShortFormProps {
  fields: Fields;
  change: (fields: Fields) => void;
  cluster: string | undefined;
  refused: Result['refused'];
  refusal: string | null | undefined;
}

export function ShortForm({ fields, change, cluster, refused, refusal }: ShortFormProps) {
  const { t } = useTranslation();
  const namespaces = useNamespacesQuery({ cluster: cluster ?? null }, { skip: !cluster });
  const set = <Key extends keyof Fields>(key: Key, value: Fields[Key]) => change({ ...fields, [key]: value });
  const at = (key: keyof Fields) => (refused?.field && concerns(refused.field, key) ? refusal : null);
  const field = (key: keyof Fields, control: ReactNode, hint?: string) => (
    <Field id={key} label={t(`create.${key}`)} hint={hint} error={at(key)}>
      {control}
    </Field>
  );
  const text = (key: 'name' | 'image' | 'command', required: boolean, placeholder: string) => (
    <Input
      id={key}
      required={required}
      placeholder={placeholder}
      value={fields[key]}
      onChange={(event) => set(key, event.target.value)}
      status={at(key) ? 'error' : undefined}
      aria-describedby={`${key}-notes`}
      data-testid={`field-${key}`}
    />
  );
  const number = (key: keyof typeof rules) => (
    <NumberField
      id={key}
      label={t(`create.${key}`)}
      text={fields[key]}
      change={(text) => set(key, text)}
      rule={rules[key]}
      refusal={at(key)}
      data-testid={`field-${key}`}
    />
  );

  return (
    <>
      {field('name', text('name', true, 'web'))}
      {field(
        'namespace',
        <>
          <Input
            id="namespace"
            required
            list="namespaces"
            value={fields.namespace}
            onChange={(event) => set('namespace', event.target.value)}
            status={at('namespace') ? 'error' : undefined}
            aria-describedby="namespace-notes"
            data-testid="field-namespace"
          />
          <datalist id="namespaces">
            {namespaces.data?.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>,
      )}
      {field('image', text('image', true, 'busybox:1'))}
      {number('replicas')}
      {field('command', text('command', false, 'sleep 3600'), t('create.commandHint'))}
      {number('port')}
      {field(
        'env',
        <Input.TextArea
          id="env"
          autoSize={{ minRows: 2, maxRows: 8 }}
          value={fields.env}
          onChange={(event) => set('env', event.target.value)}
          aria-describedby="env-notes"
          data-testid="field-env"
        />,
        t('create.envHint'),
      )}
    </>
  );
}

const places: Record<keyof Fields, RegExp> = {
  name: /\bmetadata\.name$/,
  namespace: /\bmetadata\.namespace$/,
  image: /\.image$/,
  replicas: /\bspec\.replicas$/,
  command: /\.command\b/,
  port: /\.ports\b/,
  env: /\.env\b/,
};

/** A refusal names a place in the manifest, such as `manifest.spec.template.spec.containers[0].env[0].value`. */
export function concerns(place: string, key: keyof Fields): boolean {
  return places[key].test(place);
}
