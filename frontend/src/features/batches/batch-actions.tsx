import { Alert, Button } from 'antd';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isActive } from '@/features/operations/states';
import {
  type BatchOutcomeFragment,
  CancelBatchDocument,
  RetryBatchDocument,
} from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { useOffer } from '@/resource/offered';
import { objectPath } from '@/resource/path';
import { useCommand } from '@/resource/use-command';
import { Confirmation } from '@/ui/feedback/confirmation';
import { useOpener } from '@/ui/hooks/use-opener';
import type { BatchRow } from './api';

type Verb = 'cancel' | 'retry';
const documents = { cancel: CancelBatchDocument, retry: RetryBatchDocument };

/** Whether there is something left to cancel, or something to try again. */
export function verbsOf({ state, queued, running, failed, cancelled, skipped }: BatchRow): Verb[] {
  if (isActive(state) && queued + running > 0) return ['cancel'];
  return !isActive(state) && failed + cancelled + skipped > 0 ? ['retry'] : [];
}

/** What can be done with a batch as a whole. */
export function BatchActions({ batch }: { batch: BatchRow }) {
  const { t } = useTranslation();
  const [asks, setAsks] = useState<Verb | null>(null);
  const verbs = verbsOf(batch);
  useOffer(
    verbs.map((verb) => ({
      name: `batch-${verb}`,
      words: t(`batches.${verb}`),
      refusal: null,
      open: () => setAsks(verb),
    })),
  );
  return (
    <>
      {verbs.map((verb) => (
        <Button key={verb} onClick={() => setAsks(verb)} data-testid={`batch-${verb}`}>
          {t(`batches.${verb}`)}
        </Button>
      ))}
      {asks && <BatchDialog batch={batch} verb={asks} close={() => setAsks(null)} />}
    </>
  );
}

interface BatchDialogProps {
  batch: BatchRow;
  verb: Verb;
  close: () => void;
}

function BatchDialog({ batch, verb, close }: BatchDialogProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const command = useCommand<BatchOutcomeFragment>();
  const leave = useOpener(close);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { id, kind, queued, running, failed, cancelled, skipped } = batch;
  const confirm = async (reason: string | null) => {
    const { accepted, refusal: why } = await command.run(documents[verb], { id, reason });
    setRefusal(why);
    if (!accepted) return;
    leave();
    // Those that are tried again are a batch of their own.
    if (accepted.batch.id !== id) router.push(objectPath('batches', accepted.batch.id));
  };
  return (
    <Confirmation
      name={`batch-${verb}`}
      words={{
        place: t('batches.of', { what: serverWord(t, 'operationKind', kind), total: batch.total }),
        title: t(`batches.${verb}Title`),
        effect: t(`batches.${verb}Effect`, {
          count: verb === 'cancel' ? queued + running : failed + cancelled + skipped,
        }),
        act: t(`batches.${verb}`),
        keep: t('command.keep'),
      }}
      isDangerous={verb === 'cancel'}
      isLoading={command.isLoading}
      confirm={(reason) => void confirm(reason)}
      leave={leave}
      refusal={refusal && <Alert type="warning" showIcon title={refusal} data-testid="batch-refusal" />}
    />
  );
}
