import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import type { Version } from '@/resource/action';
import { ActionDialog } from '@/resource/action-dialog';
import { errorLine } from '@/ui/feedback/error-words';
import { toast } from '@/ui/feedback/toast';
import { actions, offers } from './actions';
import { useWorkloadQuery } from './api';
import { useReload } from './use-reload';

interface RowRestartProps {
  id: string;
  close: () => void;
}

/** Asks whether to restart a workload of a list. Rows do not have what the server offers: it is read first. */
export function RowRestart({ id, close }: RowRestartProps) {
  const { t } = useTranslation();
  const { currentData, error, refetch } = useWorkloadQuery(id);
  const reload = useReload(id, refetch);
  const row = currentData?.workload;
  const offer = row && offers(row).find(({ action }) => action.name === actions.restart.name);
  // What the reader looks at when the dialog is opened.
  const version = useRef<Version<WorkloadRowFragment> | null>(null);
  if (row && offer?.refusal === null) version.current ??= { row, position: currentData.position };
  const isOpen = version.current !== null;
  const isAnswered = Boolean(currentData ?? error);
  const missing = row === null ? t('detail.gone') : error && errorLine(t, error as GraphqlError);
  const reason = offer?.refusal ?? missing ?? t('command.restart.unsupported');
  useEffect(() => {
    if (isOpen || !isAnswered) return;
    const name = id.split('~').at(-1) ?? id;
    toast({ text: t('command.restart.refused', { name, reason }), tone: 'bad' });
    close();
  }, [isOpen, isAnswered, id, reason, close, t]);
  if (!version.current) return null;
  return (
    <ActionDialog
      action={offer?.action ?? actions.restart}
      version={version.current}
      caution={offer?.caution ?? null}
      close={close}
      accepted={() => {}}
      reload={reload}
    />
  );
}
