import { Button } from 'antd';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import type { Verb } from './verbs';

const CommandModal = dynamic(() => import('./command-modal').then((module) => module.CommandModal), {
  ssr: false,
});

interface ActionsProps {
  workload: WorkloadRowFragment;
  /** Reads the object again. */
  reload: () => Promise<WorkloadRowFragment | null>;
}

export function Actions({ workload, reload }: ActionsProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ verb: Verb; workload: WorkloadRowFragment } | null>(null);

  return (
    <>
      {verbsFor(workload).map((verb) => (
        <Button
          // Stop becomes Start: one button, so that the focus it has is not lost.
          key={verb === 'start' ? 'stop' : verb}
          danger={verb === 'delete'}
          data-testid={`action-${verb}`}
          onClick={() => setAsked({ verb, workload })}
        >
          {t(`command.${verb}.ok`)}
        </Button>
      ))}
      {asked && (
        <CommandModal
          {...asked}
          close={() => setAsked(null)}
          accepted={() => void reload()}
          reload={reload}
        />
      )}
    </>
  );
}

/** The verbs that make sense for its kind and state; whether they are allowed is the server's answer. */
export function verbsFor({ kind, state }: Pick<WorkloadRowFragment, 'kind' | 'state'>): Verb[] {
  const stopped = state === 'STOPPED' || state === 'SUSPENDED';
  const scalable = kind === 'DEPLOYMENT' || kind === 'STATEFUL_SET' || kind === 'REPLICA_SET';
  const restartable = kind === 'DEPLOYMENT' || kind === 'STATEFUL_SET' || kind === 'DAEMON_SET';
  const stoppable = scalable || kind === 'CRON_JOB';
  return [
    ...(scalable ? ['scale' as const] : []),
    ...(restartable && !stopped ? ['restart' as const] : []),
    ...(stoppable ? [stopped ? ('start' as const) : ('stop' as const)] : []),
    'delete',
  ];
}
