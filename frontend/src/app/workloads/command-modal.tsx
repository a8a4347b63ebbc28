import { Alert, Button, Input, InputNumber, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import { type Settled, useSettle } from '@/ui/settle';
import { useCommandWorkloadMutation, type Verb } from './commands';

interface CommandModalProps {
  verb: Verb;
  workload: WorkloadRowFragment;
  close: () => void;
  accepted: (position: string) => void;
  /** Reads the object again; answers with what is there now. */
  reload: () => Promise<WorkloadRowFragment | null>;
}

/** Asks for one verb on one workload, for the version that is on the screen at the moment of asking. */
export function CommandModal({ verb, workload, close, accepted, reload }: CommandModalProps) {
  const { t } = useTranslation();
  const [send, { isLoading }] = useCommandWorkloadMutation();
  const [seen, setSeen] = useState(workload);
  const [replicas, setReplicas] = useState(workload.desiredReplicas ?? 1);
  const [reason, setReason] = useState('');
  const [settled, setSettled] = useState<Settled | null>(null);
  const settle = useSettle();
  const { refused, refusal } = settled ?? {};
  const atReplicas = refused?.field === 'replicas' ? refusal : null;
  const dangerous = verb === 'delete' || verb === 'stop';

  const submit = async () => {
    const wish = {
      id: workload.id,
      expectedVersion: seen.version,
      reason: reason.trim() || null,
      ...(verb === 'scale' && { replicas }),
    };
    const result = settle.read(
      await send({ verb, input: { ...wish, idempotencyKey: settle.key({ verb, ...wish }) } }),
    );
    if (result.accepted) {
      accepted(result.accepted.position);
      close();
    } else setSettled(result);
  };

  const look = async () => {
    const now = await reload();
    if (!now) return;
    setSeen(now);
    setSettled(null);
  };

  return (
    <Modal
      open
      title={t(`command.${verb}.title`, { name: workload.name })}
      onCancel={close}
      onOk={submit}
      okText={t(`command.${verb}.ok`)}
      okButtonProps={{ danger: dangerous, loading: isLoading, 'data-testid': 'command-submit' }}
      cancelText={t('command.back')}
    >
      <form
        className="command"
        data-testid={`command-${verb}`}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>{t(`command.${verb}.effect`, { name: workload.name, namespace: workload.namespace })}</p>
        {verb === 'scale' && (
          <>
            <label htmlFor="replicas">{t('command.replicas', { current: seen.desiredReplicas ?? 0 })}</label>
            <InputNumber
              id="replicas"
              autoFocus
              min={0}
              max={1000}
              precision={0}
              value={replicas}
              onChange={(value) => setReplicas(value ?? 0)}
              status={atReplicas ? 'error' : undefined}
              data-testid="command-replicas"
            />
            {atReplicas && <p className="bad-text">{atReplicas}</p>}
          </>
        )}
        <label htmlFor="reason">{t('command.reason')}</label>
        <Input
          id="reason"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          data-testid="command-reason"
        />
        {refusal && !atReplicas && (
          <Alert
            type={refused?.code === 'CONFLICT' ? 'warning' : 'error'}
            showIcon
            data-testid="command-refusal"
            data-code={refused?.code}
            title={refusal}
            action={
              refused?.code === 'CONFLICT' && (
                <Button size="small" onClick={look} data-testid="command-reload">
                  {t('command.look')}
                </Button>
              )
            }
          />
        )}
        {seen.version !== workload.version && (
          <Alert
            type="info"
            showIcon
            title={t('command.changed', {
              state: t(`workloadState.${seen.state}`),
              replicas: seen.desiredReplicas ?? 0,
              images: seen.images.join(', '),
            })}
          />
        )}
      </form>
    </Modal>
  );
}
