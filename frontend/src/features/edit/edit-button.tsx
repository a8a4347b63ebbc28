import { Button, Tooltip } from 'antd';
import { useRouter } from 'next/navigation';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { objectKeys } from '@/resource/keys';
import { useOffer } from '@/resource/offered';
import { LinkButton } from '@/ui/controls/link-button';
import { useKeys } from '@/ui/hooks/use-keys';
import { type EditedObject, useOffers } from './api';
import { editHref, offerOf } from './offer';

interface EditButtonProps {
  id: string;
  name: string;
  /** As its page has them; without it they are read. */
  actions?: EditedObject['availableActions'];
}

/** The way to the text of an object, or why it cannot be edited now. */
export function EditButton({ id, name, actions }: EditButtonProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const reasonId = useId();
  const offer = offerOf('EDIT', useOffers(id, actions));
  const refusal = offer?.refusal ?? null;
  const open = () => router.push(editHref(id));
  const isOpen = offer !== null && refusal === null;
  const words = t('list.actionsOf', { action: t('edit.act'), name });
  useOffer(offer ? [{ name: 'edit', words, refusal, open }] : []);
  useKeys(isOpen ? [{ keys: objectKeys.edit.keys, run: open }] : []);
  if (!offer) return null;
  if (isOpen)
    return (
      <LinkButton
        href={editHref(id)}
        aria-keyshortcuts={objectKeys.edit.keys.join(' ')}
        data-testid="action-edit"
      >
        {t('edit.act')}
      </LinkButton>
    );
  return (
    <>
      <Tooltip title={refusal} trigger={['hover', 'focus']}>
        {/* Not `disabled`, which would take the reason away from the keyboard. */}
        <Button
          className="ant-btn-disabled"
          aria-disabled
          aria-describedby={reasonId}
          data-testid="action-edit"
        >
          {t('edit.act')}
        </Button>
      </Tooltip>
      <span id={reasonId} hidden>
        {refusal}
      </span>
    </>
  );
}
