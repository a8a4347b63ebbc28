import { Button } from 'antd';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Action, Current, Target, Version } from './action';
import type { ActionDialog as Dialog } from './action-dialog';

const ActionDialog = dynamic(() => import('./action-dialog').then((module) => module.ActionDialog), {
  ssr: false,
}) as typeof Dialog;

interface ActionsProps<Row extends Target> extends Version<Row> {
  actions: readonly Action<Row>[];
  accepted: () => void;
  reload: (after: string) => Promise<Current<Row> | null>;
}

/** The buttons of what can be done with one object; each opens its dialog. */
export function Actions<Row extends Target>({ row, position, actions, accepted, reload }: ActionsProps<Row>) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<{ action: Action<Row>; version: Version<Row> } | null>(null);
  return (
    <>
      {actions.map((action) => (
        <Button
          key={action.slot ?? action.name}
          danger={action.isFinal}
          data-testid={`action-${action.name}`}
          onClick={() => setOpened({ action, version: { row, position } })}
        >
          {action.words(t, row).label}
        </Button>
      ))}
      {opened && (
        <ActionDialog {...opened} close={() => setOpened(null)} accepted={accepted} reload={reload} />
      )}
    </>
  );
}
