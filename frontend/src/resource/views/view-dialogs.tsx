import { Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '@/ui/controls/field';
import { useOpener } from '@/ui/hooks/use-opener';
import { LONGEST_NAME, MOST_VIEWS, refusalOf, type View } from './view';

interface NameDialogProps {
  title: string;
  /** The words of the button. */
  act: string;
  initial: string;
  /** The views as they would be under a name. */
  withName: (name: string) => readonly View[];
  save: (name: string) => void;
  close: () => void;
}

/** Asks for the name of a view, and says why it cannot be kept. */
export function NameDialog({ title, act, initial, withName, save, close }: NameDialogProps) {
  const { t } = useTranslation();
  const leave = useOpener(close);
  const [typed, setTyped] = useState(initial);
  const name = typed.trim();
  const refusal = refusalOf(withName(name));
  const submit = () => {
    if (!name || refusal) return;
    save(name);
    leave();
  };
  return (
    <Modal
      open
      title={title}
      onCancel={leave}
      okText={act}
      okButtonProps={{
        htmlType: 'submit',
        disabled: !name || refusal !== null,
        'data-testid': 'view-submit',
      }}
      cancelText={t('views.leave')}
      modalRender={(dialog) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {dialog}
        </form>
      )}
    >
      <Field
        id="view-name"
        label={t('views.name')}
        hint={t('views.hint')}
        error={refusal && t(`views.refusal.${refusal}`, { most: MOST_VIEWS })}
      >
        <Input
          id="view-name"
          autoFocus
          autoComplete="off"
          maxLength={LONGEST_NAME}
          aria-describedby="view-name-notes"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          data-testid="view-name"
        />
      </Field>
    </Modal>
  );
}

interface DeleteDialogProps {
  name: string;
  remove: () => void;
  close: () => void;
}

/** Asks before a view is deleted: there is no way back. */
export function DeleteDialog({ name, remove, close }: DeleteDialogProps) {
  const { t } = useTranslation();
  const leave = useOpener(close);
  return (
    <Modal
      open
      closable={false}
      title={t('views.deleteTitle', { name })}
      onCancel={leave}
      onOk={() => {
        leave();
        remove();
      }}
      okText={t('views.deleteAct', { name })}
      okButtonProps={{ danger: true, 'data-testid': 'view-delete' }}
      cancelText={t('command.keep')}
    >
      <p>{t('views.deleteEffect')}</p>
    </Modal>
  );
}
