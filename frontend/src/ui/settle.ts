import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import type { OperationOutcomeFragment } from '@/graphql/generated/graphql';
import { IdempotencyKeys } from './idempotency';
import { toast } from './toast';

/** Long enough to read a list of fields. */
const REMOVED_MS = 15_000;

type Refused = Extract<OperationOutcomeFragment, { __typename: 'OperationRefused' }>;

export interface Settled {
  accepted: Extract<OperationOutcomeFragment, { __typename: 'OperationAccepted' }> | null;
  refused: Refused | null;
  /** Why nothing was accepted, in words. */
  refusal: string | null;
}

/** What became of a mutation: accepted (said in a toast), refused with a reason, or not answered at all. */
export function useSettle() {
  const { t } = useTranslation();
  const keys = useRef(new IdempotencyKeys());
  return {
    key: (wish: unknown) => keys.current.for(wish),
    read(result: { data?: OperationOutcomeFragment; error?: unknown }): Settled {
      const { data } = result;
      if (!data) {
        const { code, message } = (result.error ?? { code: '', message: '' }) as GraphqlError;
        const text = code === 'UNAVAILABLE' ? t('refusal.unreachable') : message;
        return { accepted: null, refused: null, refusal: text };
      }
      keys.current.answered();
      if (data.__typename === 'OperationAccepted') {
        toast(t('operations.accepted', { name: data.operation.target.name }));
        if (data.removed.length > 0)
          toast(t('operations.removed', { fields: data.removed.join(', ') }), REMOVED_MS);
        return { accepted: data, refused: null, refusal: null };
      }
      // The words of a conflict say it all; which versions they were is of no use to a person.
      const stale = data.code === 'CONFLICT' && data.currentVersion;
      const refusal = stale ? t('refusal.CONFLICT') : `${t(`refusal.${data.code}`)} ${data.message}`;
      return { accepted: null, refused: data, refusal };
    },
  };
}
