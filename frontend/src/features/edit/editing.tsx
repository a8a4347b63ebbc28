import { Alert, Button, Modal } from 'antd';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { type DragEvent, type ReactNode, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pageOf } from '@/features/causes/place';
import type { Environment } from '@/graphql/generated/graphql';
import { LinkButton } from '@/ui/controls/link-button';
import { PlaceBand } from '@/ui/feedback/environment';
import { Loading } from '@/ui/feedback/loading';
import { useTimes } from '@/ui/feedback/times';
import { PageHead } from '@/ui/page-head';
import { type EditedObject, useObjectVersionQuery } from './api';
import { Steps } from './steps';
import { type Editing, type Start, useEditing } from './use-editing';
import { useLeaveWarning } from './use-leave-warning';
import './edit.css';

const ManifestEditor = dynamic(() => import('./manifest-editor'), {
  ssr: false,
  loading: () => <Loading lines={16} />,
});
const Review = dynamic(() => import('./review').then((module) => module.Review), {
  ssr: false,
  loading: () => <Loading lines={8} />,
});
const Follow = dynamic(() => import('./follow'), { ssr: false, loading: () => <Loading lines={8} /> });

interface EditingPageProps {
  title: string;
  /** Null for new documents. */
  object: EditedObject | null;
  cluster: { id: string; name: string; environment: Environment } | undefined;
  namespace: string;
  start: Start;
  /** Begins anew, without what was written. */
  restart: () => void;
  /** What stands above the text. */
  children?: (editing: Editing) => ReactNode;
  /** Takes the files that are dropped on the text. */
  onFiles?: (files: readonly File[], editing: Editing) => void;
}

/** The text and, beside it or in its place, what applying it would do and what it does. */
export function EditingPage({
  title,
  object,
  cluster,
  namespace,
  start,
  restart,
  children,
  onFiles,
}: EditingPageProps) {
  const { t } = useTranslation();
  const editing = useEditing({ object, cluster: cluster?.id, namespace, start });
  const { step, text, kept, isChanged, objects } = editing;
  const [line, setLine] = useState<{ number: number } | null>(null);
  const environment = cluster?.environment;
  const faults = useMemo(
    () =>
      (objects ?? []).flatMap(({ line, error }) => (line && error ? [{ line, message: error.message }] : [])),
    [objects],
  );
  const toLine = (number: number) => {
    editing.toText();
    setLine({ number });
  };
  const drop = (event: DragEvent) => {
    if (!onFiles || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    onFiles([...event.dataTransfer.files], editing);
  };
  return (
    <>
      <PageHead title={title} beside={<Steps step={step} />}>
        {step !== 'follow' && <DraftLine editing={editing} restart={restart} />}
        {object && <LinkButton href={pageOf(object.id)}>{t('edit.toObject')}</LinkButton>}
      </PageHead>
      {cluster && (
        <PlaceBand
          environment={environment}
          place={[cluster.name, object?.namespace, object && `${object.kind.kind} ${object.name}`]
            .filter(Boolean)
            .join(t('mark.comma'))}
        />
      )}
      {start.draft && step === 'edit' && isChanged && (
        <Alert type="info" showIcon title={t('edit.restored')} data-testid="draft-restored" />
      )}
      {object && editing.base && <Changed id={object.id} version={editing.base.version} />}
      {children?.(editing)}
      <div className="edit-page" data-step={step}>
        <section
          className="panel flush edit-text"
          aria-label={t('create.manifest')}
          onDragOver={(event) => onFiles && event.preventDefault()}
          onDrop={drop}
        >
          <ManifestEditor
            cluster={cluster?.id}
            text={text}
            label={t(object ? 'edit.manifestOf' : 'edit.documents', { name: object?.name ?? '' })}
            onChange={editing.write}
            faults={faults}
            line={line}
          />
        </section>
        <div className="edit-side">
          {step === 'edit' && (
            <div className="stack">
              <p className="quiet">{t('edit.reviewHint')}</p>
              <div className="form-actions">
                <Button
                  type="primary"
                  disabled={!cluster || !isChanged || text.trim() === ''}
                  loading={editing.isBusy}
                  onClick={() => void editing.review()}
                  data-testid="edit-to-review"
                >
                  {t('edit.toReview')}
                </Button>
                {!isChanged && <span className="quiet">{t('edit.unchanged')}</span>}
              </div>
            </div>
          )}
          {step === 'review' && (
            <Review editing={editing} edited={object?.id ?? null} environment={environment} toLine={toLine} />
          )}
          {step === 'follow' && editing.operation && (
            <Follow operation={editing.operation} done={kept.drop} toText={editing.toText} />
          )}
        </div>
      </div>
      <LeaveWarning isOn={isChanged && step !== 'follow'} isKept={kept.kept === 'kept'} />
    </>
  );
}

/** When the draft was kept, and the way to give it up. */
function DraftLine({ editing: { kept, isChanged }, restart }: { editing: Editing; restart: () => void }) {
  const { t } = useTranslation();
  const times = useTimes();
  const [asks, setAsks] = useState(false);
  if (!isChanged) return null;
  return (
    <>
      <span className="quiet" data-testid="draft-kept" data-kept={kept.kept}>
        {kept.kept === 'kept' && t('edit.kept', { time: times.clock(kept.at) })}
        {kept.kept === 'notKept' && t('edit.notKept')}
      </span>
      <Button onClick={() => setAsks(true)} data-testid="draft-discard">
        {t('edit.discard')}
      </Button>
      <Modal
        open={asks}
        title={t('edit.discardTitle')}
        okText={t('edit.discardAct')}
        okButtonProps={{ danger: true, 'data-testid': 'draft-discard-act' }}
        cancelText={t('edit.keepEditing')}
        onCancel={() => setAsks(false)}
        onOk={() => {
          setAsks(false);
          kept.drop();
          restart();
        }}
      >
        {t('edit.discardEffect')}
      </Modal>
    </>
  );
}

const POLL_MS = 5_000;

/** Others have changed the object since the author began. */
function Changed({ id, version }: { id: string; version: string }) {
  const { t } = useTranslation();
  const { currentData } = useObjectVersionQuery(id, {
    pollingInterval: POLL_MS,
    skipPollingIfUnfocused: true,
  });
  if (currentData === undefined || currentData?.version === version) return null;
  return (
    <Alert
      type={currentData ? 'info' : 'warning'}
      showIcon
      title={t(currentData ? 'edit.changedSince' : 'edit.gone')}
      data-testid="edit-changed"
    />
  );
}

/** Asks before a text that is kept nowhere is left by a link. */
function LeaveWarning({ isOn, isKept }: { isOn: boolean; isKept: boolean }) {
  const { t } = useTranslation();
  const router = useRouter();
  const [to, setTo] = useState<string | null>(null);
  const hold = useCallback((href: string) => setTo(href), []);
  useLeaveWarning(isOn, isKept || to !== null ? null : hold);
  return (
    <Modal
      open={to !== null}
      title={t('edit.leaveTitle')}
      okText={t('edit.leaveAct')}
      okButtonProps={{ danger: true }}
      cancelText={t('edit.keepEditing')}
      onCancel={() => setTo(null)}
      onOk={() => to && router.push(to)}
    >
      {t('edit.leaveEffect')}
    </Modal>
  );
}
