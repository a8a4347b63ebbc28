import type { TFunction } from 'i18next';
import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';

type Event = Pick<AuditRowFragment, 'type' | 'operation'>;

export const isCancelled = ({ type }: Event) => type === 'OperationCancelled';

/** What an event says that happened. An operation that a newer one ended was not cancelled by anybody. */
export function happened(t: TFunction, event: Event): string {
  return isCancelled(event) && event.operation?.supersededBy
    ? t('audit.superseded')
    : serverWord(t, 'eventType', event.type);
}
