import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { StateTag, type Tone } from '@/ui/feedback/state-tag';

/** As the server names them, the worst first: a pod that is being deleted is terminating. */
export const podPhases = ['Failed', 'Unknown', 'Pending', 'Terminating', 'Running', 'Succeeded'];

const tones: Record<string, Tone> = {
  Pending: 'busy',
  Running: 'good',
  Succeeded: 'done',
  Failed: 'bad',
  Terminating: 'busy',
};

type State = Pick<PodRowFragment, 'phase' | 'ready' | 'reason'> & { cause: object | null };
type Reasoned = Pick<PodRowFragment, 'phase' | 'reason'> & {
  cause: { message: { text: string } } | null;
};

/** A phase of Kubernetes can hide trouble: a pod with a container that never starts is called Running. */
export function toneOf({ phase, ready, cause }: Omit<State, 'reason'>): Tone {
  if (cause) return phase === 'Failed' ? 'bad' : 'warn';
  if (phase === 'Running' && !ready) return 'busy';
  return tones[phase] ?? 'unknown';
}

/** Its phase, but a pod whose containers do not all work yet, or no longer, is not called running. */
export function podWord(t: TFunction, { phase, ready }: Pick<State, 'phase' | 'ready'>): string {
  return phase === 'Running' && !ready ? t('pods.notReady') : serverWord(t, 'podPhase', phase);
}

/** Why it is in that state; null where its phase says it: that it completed. */
export function reasonOf({ phase, reason, cause }: Reasoned): string | null {
  if (cause) return cause.message.text;
  return phase === 'Succeeded' || reason === 'Completed' ? null : reason;
}

export function PodStateTag({ pod }: { pod: State }) {
  const { t } = useTranslation();
  const { phase, reason } = pod;
  return (
    <StateTag
      tone={toneOf(pod)}
      state={phase}
      // What does not work is not called by its phase, which may be Running.
      text={(pod.cause && reason) || podWord(t, pod)}
      data-testid="pod-state"
    />
  );
}
