import { Alert, Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NumberField } from '@/ui/controls/number-field';
import { wholeNumber } from '@/ui/controls/whole-number';
import { Confirmation } from '@/ui/feedback/confirmation';
import { useOpener } from '@/ui/hooks/use-opener';
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
  const leave = useOpener(close);
  const { row } = version;
  const [expected, setExpected] = useState(version);
  const [current, setCurrent] = useState<Current<Row> | null>(null);
  const [typed, setTyped] = useState(String(action.number?.current(row) ?? ''));
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
  const { label, name, ...words } = action.words(t, row);

  const confirm = async (reason: string | null) => {
    const answered = await command.run(action.document, {
      id: row.id,
      expectedVersion: expected.row.version,
      reason,
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

  return (
    <Confirmation
      name={action.name}
      words={{ ...words, act: t('command.act', { verb: label, name }), keep: t('command.keep') }}
      caution={caution}
      deletes={action.isFinal ? name : undefined}
      isDangerous={action.isDangerous || action.isFinal || warning !== null}
      isBlocked={value === null}
      isLoading={command.isLoading}
      confirm={(reason) => void confirm(reason)}
      leave={leave}
      refusal={
        <>
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
        </>
      }
    >
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
    </Confirmation>
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
