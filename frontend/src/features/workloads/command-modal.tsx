import { Alert, Button, Input, Modal } from 'antd';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import { type Result, useCommand } from '@/resource/use-command';
import { NumberField } from '@/ui/controls/number-field';
import { wholeNumber } from '@/ui/controls/whole-number';
import { documents, replicasRule, type Verb } from './verbs';

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
  const command = useCommand();
  // Read before a field of the dialog takes the focus: Ant Design looks later, and knows no place to return to.
  const [opener] = useState(() => document.activeElement as HTMLElement | null);
  const [seen, setSeen] = useState(workload);
  const [typed, setTyped] = useState(String(workload.desiredReplicas ?? ''));
  const [reason, setReason] = useState('');
  const [result, setResult] = useState<Result | null>(null);
  // An answer may come after the dialog was left for another one, which it must not close.
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const { refused, refusal } = result ?? {};
  const atReplicas = refused?.field === 'replicas' ? refusal : null;
  const replicas = verb === 'scale' ? wholeNumber(typed, replicasRule) : undefined;
  const dangerous = verb === 'delete' || verb === 'stop' || replicas === 0;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (replicas === null) return;
    const answered = await command.run(documents[verb], {
      id: workload.id,
      expectedVersion: seen.version,
      reason: reason.trim() || null,
      replicas,
    });
    if (answered.accepted) {
      accepted(answered.accepted.position);
      if (shown.current) leave();
    } else setResult(answered);
  };

  const look = async () => {
    const now = await reload();
    if (!now) return;
    setSeen(now);
    setResult(null);
  };

  const leave = () => {
    flushSync(close); // As long as it is there, the dialog takes the focus back.
    opener?.focus();
  };

  return (
    <Modal
      open
      title={t(`command.${verb}.title`, { name: workload.name })}
      onCancel={leave}
      okText={t(`command.${verb}.ok`)}
      okButtonProps={{
        htmlType: 'submit',
        danger: dangerous,
        disabled: replicas === null,
        loading: command.isLoading,
        'data-testid': 'command-submit',
      }}
      cancelText={t('command.back')}
      // The buttons belong to the form, so that Enter in a field does what OK does.
      modalRender={(dialog) => <form onSubmit={submit}>{dialog}</form>}
    >
      <div className="command" data-testid={`command-${verb}`}>
        <p>{t(`command.${verb}.effect`, { name: workload.name, namespace: workload.namespace })}</p>
        {verb === 'scale' && (
          <>
            <NumberField
              id="replicas"
              label={t('command.replicas', { current: seen.desiredReplicas ?? 0 })}
              autoFocus
              text={typed}
              change={setTyped}
              rule={replicasRule}
              refusal={atReplicas}
              data-testid="command-replicas"
            />
            {replicas === 0 && (
              <Alert
                type="warning"
                showIcon
                title={t('command.scale.zero', { name: workload.name })}
                data-testid="command-zero"
              />
            )}
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
      </div>
    </Modal>
  );
}
