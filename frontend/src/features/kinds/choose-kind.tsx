import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Cluster } from '@/features/clusters/api';
import type { GraphqlError } from '@/graphql/error';
import { failureIn, refusalIn } from '@/resource/use-command';
import { Confirmation } from '@/ui/feedback/confirmation';
import { toast } from '@/ui/feedback/toast';
import { useOpener } from '@/ui/hooks/use-opener';
import { type Kind, useChooseKindMutation } from './api';
import { titleOf } from './sections';

interface ChooseKindProps {
  kind: Kind;
  cluster: Cluster;
}

/** Lets a person decide whether the log records a kind. */
export function ChooseKind({ kind, cluster }: ChooseKindProps) {
  const { t } = useTranslation();
  const [isAsked, setIsAsked] = useState(false);
  if (!kind.optional) return null;
  return (
    <>
      <Button onClick={() => setIsAsked(true)} data-testid="choose-kind">
        {t(kind.recorded ? 'kinds.release' : 'kinds.record')}
      </Button>
      {isAsked && <Question kind={kind} cluster={cluster} close={() => setIsAsked(false)} />}
    </>
  );
}

function Question({
  kind,
  cluster: { id, name, environment },
  close,
}: ChooseKindProps & { close: () => void }) {
  const { t } = useTranslation();
  const [choose, { isLoading }] = useChooseKindMutation();
  const [refusal, setRefusal] = useState<string>();
  const leave = useOpener(close);
  const isRecorded = !kind.recorded;
  const word = (which: 'Title' | 'Effect' | 'WayBack' | 'Act' | 'Done') =>
    t(`kinds.${isRecorded ? 'record' : 'release'}${which}`, { kind: titleOf(kind), cluster: name });

  const confirm = async (reason: string | null) => {
    const { data, error } = await choose({ cluster: id, kind: kind.id, isRecorded, reason });
    if (error) setRefusal(failureIn(t, error as GraphqlError));
    else if (data.__typename === 'OperationRefused') setRefusal(refusalIn(t, data));
    else {
      toast({ text: word('Done'), tone: 'good' });
      leave();
    }
  };

  return (
    <Confirmation
      name="choose-kind"
      words={{
        place: name,
        environment,
        title: word('Title'),
        effect: word('Effect'),
        wayBack: word('WayBack'),
        act: word('Act'),
        keep: t('command.keep'),
      }}
      isLoading={isLoading}
      confirm={(reason) => void confirm(reason)}
      leave={leave}
      refusal={refusal && <Alert type="error" showIcon title={refusal} data-testid="command-refusal" />}
    />
  );
}
