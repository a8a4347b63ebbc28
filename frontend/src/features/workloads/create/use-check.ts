import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import type { PreviewWorkloadQuery } from '@/graphql/generated/graphql';
import { type Refused, type Result, refusalIn } from '@/resource/use-command';
import { errorLine } from '@/ui/feedback/error-words';
import { usePreviewWorkloadMutation } from '../api';

type Stored = Extract<PreviewWorkloadQuery['workloadPreview'], { __typename: 'WorkloadPreview' }>;

/** What the API server says of a workload that is not created yet. */
export type CheckOutcome =
  | { is: 'stored'; changes: Stored['changes']; removed: readonly string[] }
  | { is: 'refused'; refused: Refused; refusal: string }
  /** It could not be asked: nobody knows. */
  | { is: 'notChecked'; why: string };

interface Checked {
  /** What was checked. An outcome counts for nothing else. */
  of: string;
  outcome: CheckOutcome;
}

interface Input {
  cluster: string | undefined;
  manifest: string;
  reason: string | null;
}

/** The dry run before a create. It changes nothing, and it is never in the way where the cluster cannot be asked. */
export function useCheck({ cluster, manifest, reason }: Input) {
  const { t } = useTranslation();
  const [send, { isLoading }] = usePreviewWorkloadMutation();
  const [checked, setChecked] = useState<Checked | null>(null);
  const of = JSON.stringify([cluster, manifest, reason]);
  const outcome = checked?.of === of ? checked.outcome : null;

  const ask = async (): Promise<CheckOutcome> => {
    const { data, error } = await send({ cluster: cluster ?? '', manifest, reason });
    if (!data) return { is: 'notChecked', why: errorLine(t, error as GraphqlError) };
    if (data.__typename === 'WorkloadNotChecked') return { is: 'notChecked', why: data.message };
    if (data.__typename === 'OperationRefused')
      return { is: 'refused', refused: data, refusal: refusalIn(t, data) };
    return { is: 'stored', changes: data.changes, removed: data.removed };
  };

  const run = async (): Promise<CheckOutcome> => {
    const found = await ask();
    setChecked({ of, outcome: found });
    return found;
  };

  const refused: Pick<Result, 'refused' | 'refusal'> =
    outcome?.is === 'refused' ? outcome : { refused: null, refusal: null };

  return {
    ...refused,
    outcome,
    isLoading,
    run,
    /** Whether it may be created now. What could not be checked is said first, and created when it is asked for again. */
    allows: async (): Promise<boolean> => {
      if (outcome && outcome.is !== 'refused') return true;
      return (await run()).is === 'stored';
    },
  };
}
