import { Alert } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { partsOf } from '@/features/causes/place';
import { useObjectVersionQuery } from '@/features/edit/api';
import { PreviewCard } from '@/features/edit/preview-card';
import { usePreview } from '@/features/edit/use-preview';
import type { GraphqlError } from '@/graphql/error';
import { RestoreObjectDocument } from '@/graphql/generated/graphql';
import { NO_NAMESPACE } from '@/resource/path';
import { useCommand } from '@/resource/use-command';
import { Confirmation } from '@/ui/feedback/confirmation';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useOpener } from '@/ui/hooks/use-opener';

interface RestoreDialogProps {
  id: string;
  /** The version that it goes back to. */
  position: string;
  /** Its manifest, as the log has it. */
  text: string;
  /** When it was recorded, in words. */
  at: string;
  close: () => void;
}

/** Asks before an object goes back to what it was, and says first what that changes. */
export function RestoreDialog({ id, position, text, at, close }: RestoreDialogProps) {
  const { t } = useTranslation();
  const command = useCommand();
  const leave = useOpener(close);
  const { currentData: now, error, refetch } = useObjectVersionQuery(id, { refetchOnMountOrArgChange: true });
  const preview = usePreview();
  const [refusal, setRefusal] = useState<string | null>(null);
  const { cluster, namespace, name, kind } = partsOf(id);
  const version = now?.version;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each version that is there now.
  useEffect(() => {
    if (version) void preview.run({ cluster, manifests: text, basedOn: [{ id, version }] });
  }, [version, cluster, text, id]);

  const { objects, error: notPreviewed } = preview.previewed ?? {};
  const [would] = objects ?? [];
  const failure = (error as GraphqlError | undefined) ?? notPreviewed;
  const confirm = async (reason: string | null) => {
    const answered = await command.run(RestoreObjectDocument, {
      id,
      position,
      expectedVersion: version,
      reason,
    });
    if (answered.accepted) return leave();
    setRefusal(answered.refusal);
    if (answered.refused?.code === 'CONFLICT') void refetch();
  };
  return (
    <Confirmation
      name="restore"
      words={{
        place: [now?.cluster.name ?? cluster, namespace !== NO_NAMESPACE && namespace, kind]
          .filter(Boolean)
          .join(t('mark.comma')),
        environment: now?.cluster.environment,
        title: t('restore.title', { name, at }),
        effect: t('restore.effect'),
        wayBack: t('restore.wayBack'),
        act: t('restore.act', { name }),
        keep: t('command.keep'),
      }}
      // Nobody confirms what they have not seen.
      isBlocked={!would || would.change === 'REFUSED' || would.change === 'NONE'}
      isLoading={command.isLoading}
      confirm={(reason) => void confirm(reason)}
      leave={leave}
      refusal={refusal && <Alert type="error" showIcon title={refusal} data-testid="restore-refusal" />}
    >
      {failure && <Problem error={failure} retry={() => void refetch()} />}
      {now === null && <Alert type="warning" showIcon title={t('objects.gone')} />}
      {!would && !failure && now !== null && <Loading lines={3} />}
      {would && <PreviewCard preview={would} isOpen={false} />}
    </Confirmation>
  );
}
