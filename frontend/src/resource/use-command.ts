import type { TFunction } from 'i18next';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type GraphqlError, isOutage } from '@/graphql/error';
import type { CommandOutcomeFragment } from '@/graphql/generated/graphql';
import { errorLine, errorWords } from '@/ui/feedback/error-words';
import { toast } from '@/ui/feedback/toast';
import { type Command, type CommandOutcome, useCommandMutation } from './api';
import { IdempotencyKeys } from './idempotency';

export type { Command };

type Accepted<Outcome> = Exclude<Outcome, { __typename: 'OperationRefused' }>;
export type Refused = Extract<CommandOutcomeFragment, { __typename: 'OperationRefused' }>;

/** What became of a command: accepted, refused by the server with a reason, or not answered at all. */
export interface Result<Outcome = CommandOutcomeFragment> {
  accepted: Accepted<Outcome> | null;
  refused: Refused | null;
  /** Why it was not accepted, in words. */
  refusal: string | null;
}

/** Why the server refuses, in words. Those of a conflict say it all; which versions they were is of no use to a person. */
export function refusalIn(t: TFunction, { code, message, currentVersion }: Refused): string {
  const stale = code === 'CONFLICT' && currentVersion;
  return stale ? t('refusal.CONFLICT') : `${t(`refusal.${code}`)} ${message}`;
}

/** Why a command got no answer of its own, in words. */
export function failureIn(t: TFunction, error: GraphqlError): string {
  if (error.code === 'NOT_YET') return t('refusal.notYet');
  const said = isOutage(error) ? t('refusal.unreachable') : errorLine(t, error);
  const { detail } = errorWords(t, error);
  return detail ? `${said}${t('mark.note', { text: detail })}` : said;
}

/**
 * Sends commands and says what became of each; a toast confirms what was accepted. A command that is sent again after a
 * lost answer carries the same idempotency key, so that nothing is done twice.
 */
export function useCommand<Outcome extends CommandOutcome = CommandOutcomeFragment>() {
  const { t } = useTranslation();
  const keys = useRef(new IdempotencyKeys());
  const [send, { isLoading }] = useCommandMutation();

  const run = async (document: Command['document'], input: object): Promise<Result<Outcome>> => {
    const idempotencyKey = keys.current.for({ document: document.toString(), input });
    const { data, error } = await send({ document, input: { ...input, idempotencyKey } });
    if (!data) {
      return { accepted: null, refused: null, refusal: failureIn(t, error as GraphqlError) };
    }
    keys.current.answered();
    if (data.__typename === 'BatchAccepted') {
      toast({ text: t('batches.accepted', { count: data.batch.total }), tone: 'good' });
      return { accepted: data as Accepted<Outcome>, refused: null, refusal: null };
    }
    if (data.__typename === 'OperationAccepted') {
      const accepted = t('operations.accepted', { name: data.operation.target.name });
      const removed = t('operations.removed', { fields: data.removed.join(t('mark.comma')) });
      toast({
        text: data.removed.length > 0 ? `${accepted}${t('mark.stop')}${removed}` : accepted,
        tone: 'good',
      });
      return { accepted: data as Accepted<Outcome>, refused: null, refusal: null };
    }
    return { accepted: null, refused: data, refusal: refusalIn(t, data) };
  };

  return { run, isLoading };
}
