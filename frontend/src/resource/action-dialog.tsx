import { Alert, Button, Input, Modal } from 'antd';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { NumberField } from '@/ui/controls/number-field';
import { wholeNumber } from '@/ui/controls/whole-number';
import type { Action, Current, Target, Version } from './action';
import { type Result, useCommand } from './use-command';

interface ActionDialogProps<Row extends Target> {
  action: Action<Row>;
  /** What the reader saw when the dialog was opened. */
  version: Version<Row>;
  /** What to know before the question. */
  caution: string | null;
  close: () => void;
  accepted: () => void;
  /** Reads the object again, and who changed it after a position of the log. */
  reload: (after: string) => Promise<Current<Row> | null>;
}

/** Confirms one action on one object and sends it, for the version that the reader has looked at. */
export function ActionDialog<Row extends Target>({
  action,
  version,
  caution,
  close,
  accepted,
  reload,
}: ActionDialogProps<Row>) {
  const { t } = useTranslation();
  const command = useCommand();
  // Read before a field of the dialog takes the focus: Ant Design looks later, and knows no place to return to.
  const [opener] = useState(() => document.activeElement as HTMLElement | null);
  const { row } = version;
  const [expected, setExpected] = useState(version);
  const [current, setCurrent] = useState<Current<Row> | null>(null);
  const [typed, setTyped] = useState(String(action.number?.current(row) ?? ''));
  const [reason, setReason] = useState('');
  const [result, setResult] = useState<Result | null>(null);
  // An answer may come after the dialog was left for another one, which it must not close.
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const { number } = action;
  const { refused, refusal } = result ?? {};
  const isConflict = refused?.code === 'CONFLICT';
  const refusedNumber = number && refused?.field === number.field ? refusal : null;
  const value = number && wholeNumber(typed, number.rule);
  const warning = number && typeof value === 'number' ? number.warning(t, row, value) : null;
  const { label, title, effect } = action.words(t, row);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (value === null) return;
    const answered = await command.run(action.document, {
      id: row.id,
      expectedVersion: expected.row.version,
      reason: reason.trim() || null,
      ...(number && { [number.field]: value }),
    });
    if (answered.accepted) {
      accepted();
      if (isShown.current) leave();
      return;
    }
    setResult(answered);
    if (answered.refused?.code === 'CONFLICT') setCurrent(await reload(expected.position));
  };

  const acceptCurrent = async () => {
    const now = current ?? (await reload(expected.position));
    if (!now) return;
    setCurrent(now);
    setExpected(now);
    setResult(null);
  };

  const leave = () => {
    flushSync(close); // As long as it is there, the dialog takes the focus back.
    opener?.focus();
  };

  return (
    <Modal
      open
      title={title}
      onCancel={leave}
      okText={label}
      okButtonProps={{
        htmlType: 'submit',
        danger: action.isDangerous || action.isFinal || warning !== null,
        disabled: value === null,
        loading: command.isLoading,
        'data-testid': 'command-submit',
      }}
      cancelText={t('command.cancel')}
      // The buttons belong to the form, so that Enter in a field does what OK does.
      modalRender={(dialog) => <form onSubmit={submit}>{dialog}</form>}
    >
      <div className="command" data-testid={`command-${action.name}`}>
        {caution && <Alert type="warning" showIcon title={caution} data-testid="command-caution" />}
        <p>{effect}</p>
        {number && (
          <NumberField
            id={number.field}
            label={number.label(t, expected.row)}
            autoFocus
            text={typed}
            change={setTyped}
            rule={number.rule}
            refusal={refusedNumber}
            data-testid={`command-${number.field}`}
          />
        )}
        {warning && <Alert type="warning" showIcon title={warning} data-testid="command-warning" />}
        <label htmlFor="reason">{t('command.reason')}</label>
        <Input
          id="reason"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          data-testid="command-reason"
        />
        {refusal && !refusedNumber && (
          <Alert
            type={isConflict ? 'warning' : 'error'}
            showIcon
            data-testid="command-refusal"
            data-code={refused?.code}
            title={refusal}
            description={isConflict && current && <Changed current={current} />}
            action={
              isConflict && (
                <Button size="small" onClick={acceptCurrent} data-testid="command-reload">
                  {t('command.useCurrent')}
                </Button>
              )
            }
          />
        )}
        {!refusal && current && <Alert type="info" showIcon title={<Changed current={current} />} />}
      </div>
    </Modal>
  );
}

function Changed({ current }: { current: Current<unknown> }) {
  return (
    <>
      <div>{current.change}</div>
      <div>{current.summary}</div>
    </>
  );
}
