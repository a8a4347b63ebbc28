import { Button, Tooltip } from 'antd';
import dynamic from 'next/dynamic';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '@/ui/hooks/use-keys';
import type { Action, Current, Offer, Target, Version } from './action';
import type { ActionDialog as Dialog } from './action-dialog';
import { useOffer } from './offered';

const ActionDialog = dynamic(() => import('./action-dialog').then((module) => module.ActionDialog), {
  ssr: false,
}) as typeof Dialog;

interface ActionsProps<Row extends Target> extends Version<Row> {
  offers: readonly Offer<Row>[];
  accepted: () => void;
  reload: (after: string) => Promise<Current<Row> | null>;
}

/** The buttons of what can be done with one object; each opens its dialog, or says why it cannot be done now. */
export function Actions<Row extends Target>({ row, position, offers, accepted, reload }: ActionsProps<Row>) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<{ action: Action<Row>; version: Version<Row> } | null>(null);
  const open = (action: Action<Row>) => setOpened({ action, version: { row, position } });
  useOffer(
    offers.map(({ action, refusal }) => {
      const { label, name } = action.words(t, row);
      const words = t('list.actionsOf', { action: label, name });
      return { name: action.name, words, refusal, open: () => open(action) };
    }),
  );
  useKeys(
    offers.flatMap(({ action, refusal }) =>
      action.keys && refusal === null
        ? [{ keys: action.keys, run: () => (isInRow() ? false : open(action)) }]
        : [],
    ),
  );
  return (
    <>
      {offers.map(({ action, refusal }) => (
        <ActionButton
          key={action.name}
          action={action}
          row={row}
          refusal={refusal}
          open={() => open(action)}
        />
      ))}
      {opened && (
        <ActionDialog
          {...opened}
          caution={offers.find(({ action }) => action.name === opened.action.name)?.caution ?? null}
          close={() => setOpened(null)}
          accepted={accepted}
          reload={reload}
        />
      )}
    </>
  );
}

interface ActionButtonProps<Row extends Target> {
  action: Action<Row>;
  row: Row;
  refusal: string | null;
  open: () => void;
}

function ActionButton<Row extends Target>({ action, row, refusal, open }: ActionButtonProps<Row>) {
  const { t } = useTranslation();
  const reasonId = useId();
  const isRefused = refusal !== null;
  return (
    <>
      <Tooltip title={refusal} trigger={['hover', 'focus']}>
        <Button
          danger={action.isFinal}
          // Not `disabled`, which would take the reason away from the keyboard, and the focus from a button in use.
          className={isRefused ? 'ant-btn-disabled' : undefined}
          aria-disabled={isRefused}
          aria-describedby={isRefused ? reasonId : undefined}
          aria-keyshortcuts={isRefused ? undefined : action.keys?.join(' ')}
          data-testid={`action-${action.name}`}
          onClick={() => isRefused || open()}
        >
          {action.words(t, row).label}
        </Button>
      </Tooltip>
      {isRefused && (
        <span id={reasonId} hidden>
          {refusal}
        </span>
      )}
    </>
  );
}

/** The keys of the page would act on its object, and not on that of the row. */
const isInRow = () => document.activeElement?.closest('[data-row-key]') != null;
