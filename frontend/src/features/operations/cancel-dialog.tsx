import { Alert } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CancelOperationDocument, type OperationFieldsFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { useCommand } from '@/resource/use-command';
import { Confirmation } from '@/ui/feedback/confirmation';
import { useOpener } from '@/ui/hooks/use-opener';

interface CancelDialogProps {
  operation: OperationFieldsFragment;
  close: () => void;
}

/** Asks before an operation is cancelled, and names its object. */
export function CancelDialog({ operation: { id, kind, target }, close }: CancelDialogProps) {
  const { t } = useTranslation();
  const command = useCommand();
  const leave = useOpener(close);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { name, namespace, cluster } = target;
  const confirm = async (reason: string | null) => {
    const answered = await command.run(CancelOperationDocument, { id, reason });
    if (answered.accepted) leave();
    else setRefusal(answered.refusal);
  };
  return (
    <Confirmation
      name="cancel"
      words={{
        place: [cluster.name, namespace].filter(Boolean).join(t('mark.comma')),
        environment: cluster.environment,
        title: t('operations.cancelTitle', { what: serverWord(t, 'operationKind', kind), name }),
        effect: t('operations.cancelEffect', { name }),
        wayBack: t('operations.cancelWayBack'),
        act: t('operations.cancelAct'),
        keep: t('operations.letRun'),
      }}
      isDangerous
      isLoading={command.isLoading}
      confirm={(reason) => void confirm(reason)}
      leave={leave}
      refusal={refusal && <Alert type="warning" showIcon title={refusal} data-testid="operation-refusal" />}
    />
  );
}
