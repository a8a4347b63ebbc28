import { Alert, Input, Modal } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Environment } from '@/graphql/generated/graphql';
import { Field } from '../controls/field';
import { PlaceBand } from './environment';

/** What a confirmation says. */
export interface ConfirmationWords {
  /** Where it acts. */
  place: string;
  environment?: Environment;
  title: string;
  effect: string;
  /** How it can be undone; absent where there is nothing to undo. */
  wayBack?: string;
  /** The words of the buttons name the act. */
  act: string;
  keep: string;
}

interface ConfirmationProps {
  /** Tests find the dialog by it. */
  name: string;
  words: ConfirmationWords;
  /** Who will undo it, or what else to know before the question. */
  caution?: string | null;
  /** The name of what will be gone for good: in production it has to be typed first. */
  deletes?: string;
  /** Whether it has to be typed in every environment. */
  isNameTyped?: boolean;
  isDangerous?: boolean;
  isBlocked?: boolean;
  isLoading: boolean;
  confirm: (reason: string | null) => void;
  leave: () => void;
  /** What else it needs to know. */
  children?: ReactNode;
  /** Why it was not done. */
  refusal?: ReactNode;
}

/** Asks before something is done: the place, the effect, who will undo it, the way back, and the reason. */
export function Confirmation({
  name,
  words: { place, environment, title, effect, wayBack, act, keep },
  caution,
  deletes,
  isNameTyped,
  isDangerous,
  isBlocked,
  isLoading,
  confirm,
  leave,
  children,
  refusal,
}: ConfirmationProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const typedName = isNameTyped || environment === 'PRODUCTION' ? deletes : undefined;
  const isUnconfirmed = typedName !== undefined && typed.trim() !== typedName;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isUnconfirmed && !isBlocked) confirm(reason.trim() || null);
  };
  return (
    <Modal
      open
      closable={false}
      title={
        <>
          <PlaceBand environment={environment} place={place} />
          {title}
        </>
      }
      onCancel={leave}
      okText={act}
      okButtonProps={{
        htmlType: 'submit',
        danger: isDangerous,
        disabled: isUnconfirmed || isBlocked,
        loading: isLoading,
        className: environment && `environment-${environment}`,
        'data-testid': 'command-submit',
      }}
      cancelText={keep}
      // The buttons belong to the form, so that Enter in a field does what OK does.
      modalRender={(dialog) => <form onSubmit={submit}>{dialog}</form>}
    >
      <div className="command" data-testid={`command-${name}`}>
        {caution && <Alert type="warning" showIcon title={caution} data-testid="command-caution" />}
        <p>{effect}</p>
        {wayBack && (
          <p className="quiet" data-testid="command-way-back">
            {wayBack}
          </p>
        )}
        {children}
        <Field id="reason" label={t('command.reason')}>
          <Input
            id="reason"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            data-testid="command-reason"
          />
        </Field>
        {typedName !== undefined && (
          <Field id="typed-name" label={t('command.typeName', { name: typedName })}>
            <Input
              id="typed-name"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              data-testid="command-typed-name"
            />
          </Field>
        )}
        {refusal}
      </div>
    </Modal>
  );
}
