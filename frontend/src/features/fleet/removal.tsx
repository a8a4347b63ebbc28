import { Alert } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Cluster } from '@/features/clusters/api';
import { Confirmation } from '@/ui/feedback/confirmation';
import { toast } from '@/ui/feedback/toast';
import { useOpener } from '@/ui/hooks/use-opener';
import { useClusterCountsQuery } from './api';
import { useClusterRequest } from './use-cluster-request';

interface RemovalProps {
  cluster: Cluster;
  close: () => void;
}

/** Asks for the name before a cluster is removed: much goes with it, in every environment. */
export function Removal({ cluster: { id, name, environment }, close }: RemovalProps) {
  const { t, i18n } = useTranslation();
  const { remove, isBusy } = useClusterRequest();
  const { data: counts } = useClusterCountsQuery(id);
  const [refusal, setRefusal] = useState<string>();
  const leave = useOpener(close);
  const number = new Intl.NumberFormat(i18n.language);
  const lost = counts && t('fleet.lost', { shown: number.format(counts.workloads), count: counts.workloads });

  const confirm = async (reason: string | null) => {
    const outcome = await remove(id, reason);
    if (!outcome.cluster) {
      setRefusal(outcome.refusal);
      return;
    }
    toast({ text: t('fleet.removed', { name }), tone: 'good' });
    close();
    // What opened the dialog is gone.
    document.getElementById('content')?.focus();
  };

  return (
    <Confirmation
      name="remove-cluster"
      words={{
        place: name,
        environment,
        title: t('fleet.removeTitle', { name }),
        effect: [t('fleet.removeEffect'), lost].filter(Boolean).join(t('mark.space')),
        wayBack: t('fleet.removeWayBack'),
        act: t('fleet.remove', { name }),
        keep: t('command.keep'),
      }}
      deletes={name}
      isNameTyped
      isDangerous
      isLoading={isBusy}
      confirm={(reason) => void confirm(reason)}
      leave={leave}
      refusal={refusal && <Alert type="error" showIcon title={refusal} data-testid="command-refusal" />}
    />
  );
}
