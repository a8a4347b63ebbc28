import { Input, type InputProps } from 'antd';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from './field';
import { breaks, type NumberRule, wholeNumber } from './whole-number';

interface NumberFieldProps extends Pick<InputProps, 'autoFocus'> {
  id: string;
  label: string;
  text: string;
  change: (text: string) => void;
  rule: NumberRule;
  /** What the server said of it. */
  refusal?: string | null;
  'data-testid': string;
}

/** Keeps what is typed, whatever it is, and says beside it what is wrong; the arrow keys count up and down. */
export function NumberField({ id, label, text, change, rule, refusal, ...input }: NumberFieldProps) {
  const { t, i18n } = useTranslation();
  const { format } = new Intl.NumberFormat(i18n.language);
  const wrong = breaks(text, rule)
    ? t('field.wholeNumber', { least: format(rule.least), most: format(rule.most) })
    : refusal;

  const count = (event: KeyboardEvent) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const number = wholeNumber(text, rule);
    if (!step || number === null) return;
    event.preventDefault();
    if (!breaks(String(number + step), rule)) change(String(number + step));
  };

  return (
    <Field id={id} label={label} error={wrong}>
      <Input
        id={id}
        className="short"
        inputMode="numeric"
        autoComplete="off"
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={count}
        status={wrong ? 'error' : undefined}
        aria-invalid={Boolean(wrong)}
        aria-describedby={`${id}-notes`}
        {...input}
      />
    </Field>
  );
}
