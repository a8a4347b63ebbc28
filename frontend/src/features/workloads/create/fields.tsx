import { Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { Field } from '@/ui/controls/field';
import { NumberField as Control } from '@/ui/controls/number-field';
import type { NumberRule } from '@/ui/controls/whole-number';
import type { Path } from '@/ui/editor/yaml/nodes';
import { useManifestForm } from './form-context';
import { type Change, setNumber, setText, setWords } from './model/edits';
import { listAt, placeOf, textAt, textOf } from './model/manifest';
import { joinWords, splitWords } from './model/words';

interface FieldProps<Value> {
  path: Path;
  label: string;
  hint?: string;
  /** What becomes of the manifest; without one an empty field is taken out of it. */
  change?: (path: Path, value: Value) => Change;
  testId?: string;
}

interface TextFieldProps extends FieldProps<string> {
  placeholder?: string;
}

const ofField = (path: Path, error: string | null, testId: string | undefined) => ({
  id: placeOf(path),
  status: error ? ('error' as const) : undefined,
  'aria-invalid': Boolean(error),
  'aria-describedby': `${placeOf(path)}-notes`,
  'data-testid': testId ?? `field-${placeOf(path)}`,
});

export function TextField({ path, label, hint, placeholder, change = setText, testId }: TextFieldProps) {
  const { manifest, apply, wrong } = useManifestForm();
  const value = textAt(manifest, path);
  const error = wrong(path);
  const control = {
    ...ofField(path, error, testId),
    placeholder,
    value,
    autoComplete: 'off',
    onChange: ({ target }: { target: { value: string } }) => apply(change(path, target.value), placeOf(path)),
  };
  return (
    <Field id={placeOf(path)} label={label} hint={hint} error={error}>
      {value.includes('\n') ? (
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} {...control} />
      ) : (
        <Input {...control} />
      )}
    </Field>
  );
}

export function NumberField({
  path,
  label,
  rule,
  testId,
}: Omit<FieldProps<string>, 'hint'> & { rule: NumberRule }) {
  const { manifest, apply, wrong } = useManifestForm();
  return (
    <Control
      id={placeOf(path)}
      label={label}
      text={textAt(manifest, path)}
      change={(text) => apply(setNumber(path, text), placeOf(path))}
      rule={rule}
      refusal={wrong(path)}
      data-testid={testId ?? `field-${placeOf(path)}`}
    />
  );
}

interface ChoiceFieldProps extends FieldProps<string> {
  options: { value: string; label: ReactNode }[];
  /** What is chosen; without one, what the manifest has. */
  value?: string;
}

export function ChoiceField({
  path,
  label,
  hint,
  options,
  value,
  change = setText,
  testId,
}: ChoiceFieldProps) {
  const { manifest, apply, wrong } = useManifestForm();
  const error = wrong(path);
  return (
    <Field id={placeOf(path)} label={label} hint={hint} error={error}>
      <Select
        {...ofField(path, error, testId)}
        className="choice"
        popupMatchSelectWidth={false}
        value={value ?? textAt(manifest, path)}
        options={options}
        onChange={(chosen) => apply(change(path, chosen), placeOf(path))}
      />
    </Field>
  );
}

/** Words as a shell splits them. What is typed stays as long as it means the words of the manifest. */
export function WordsField({ path, label, hint, change = setWords, testId }: FieldProps<string[]>) {
  const { manifest, apply, wrong } = useManifestForm();
  const [typed, setTyped] = useState('');
  const words = listAt(manifest, path).map(textOf);
  const error = wrong(path);
  return (
    <Field id={placeOf(path)} label={label} hint={hint} error={error}>
      <Input.TextArea
        {...ofField(path, error, testId)}
        autoSize={{ minRows: 1, maxRows: 8 }}
        value={isAlike(splitWords(typed), words) ? typed : joinWords(words)}
        onChange={({ target }) => {
          setTyped(target.value);
          apply(change(path, splitWords(target.value)), placeOf(path));
        }}
      />
    </Field>
  );
}

const isAlike = (one: string[], other: string[]) =>
  one.length === other.length && one.every((word, index) => word === other[index]);
