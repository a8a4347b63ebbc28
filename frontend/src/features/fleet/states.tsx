import { useTranslation } from 'react-i18next';
import type { ClusterState } from '@/graphql/generated/graphql';
import { StateTag, type Tone } from '@/ui/feedback/state-tag';

const tones: Record<ClusterState, Tone> = {
  READY: 'good',
  CONNECTING: 'busy',
  DEGRADED: 'warn',
  UNREACHABLE: 'unknown',
};

/** Whether the cluster answers, and lets everything be read. */
export function ClusterStateTag({ state }: { state: ClusterState }) {
  const { t } = useTranslation();
  return (
    <StateTag
      tone={tones[state]}
      state={state}
      text={t(`clusterState.${state}`)}
      data-testid="cluster-state"
    />
  );
}
