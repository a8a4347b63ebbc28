'use client';

import { Alert, Button, Input, Radio, Select } from 'antd';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActsOn } from '@/features/clusters/acting';
import { useClustersQuery } from '@/features/clusters/api';
import { targetId } from '@/features/operations/api';
import type { GraphqlError } from '@/graphql/error';
import { CreateWorkloadDocument, type CreateWorkloadMutation } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { type Result, useCommand } from '@/resource/use-command';
import { Field } from '@/ui/controls/field';
import { PlaceBand } from '@/ui/feedback/environment';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { PageHead } from '@/ui/page-head';
import { textAt } from './model/manifest';
import { DEFAULT, NamespaceNote } from './namespace-field';
import { useCheck } from './use-check';
import { useFaces } from './use-faces';
import { useMistakes } from './use-mistakes';
import { WorkloadForm } from './workload-form';
import './create.css';

const ConfigEditor = dynamic(
  () => import('@/ui/editor/config-editor').then((module) => module.ConfigEditor),
  {
    ssr: false,
    loading: () => <Loading lines={10} />,
  },
);

// Nothing is checked before the page is there.
const Checked = dynamic(() => import('./checked').then((module) => module.Checked), { ssr: false });

const NO_RESULT: Result<CreateWorkloadMutation['createWorkload']> = {
  accepted: null,
  refused: null,
  refusal: null,
};

interface ContainerFormProps {
  /** What it begins with, instead of an empty manifest. */
  start?: { text: string; cluster: string | null };
}

/** A new workload, by a form or by its manifest: both are faces of one text. */
export function ContainerForm({ start }: ContainerFormProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const clusters = useClustersQuery();
  const create = useCommand<CreateWorkloadMutation['createWorkload']>();
  const { face, turn, unreadable, text, manifest, write, apply } = useFaces(start?.text);
  const [chosen, setChosen] = useState(start?.cluster ?? null);
  const [reason, setReason] = useState('');
  const [result, setResult] = useState(NO_RESULT);
  const [isTried, setIsTried] = useState(false);
  const place = clusters.data?.find(({ id }) => id === chosen) ?? clusters.data?.[0];
  const cluster = place?.id;
  useActsOn(cluster);
  const checked = useCheck({ cluster, manifest: text, reason: reason.trim() || null });
  const { refused, refusal } = result.refusal ? result : checked;
  const { mistakes, wrong, leave, press, isRight, isSent } = useMistakes(manifest, { refused, refusal });
  const isBusy = create.isLoading || checked.isLoading;
  const act = place ? t(`create.submitIn.${place.environment}`) : t('create.submit');
  const maySend = () => {
    setIsTried(true);
    return cluster && !isBusy && (face !== 'form' || isRight());
  };

  const check = async () => {
    if (!maySend()) return;
    setResult(NO_RESULT);
    await checked.run();
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!maySend()) return;
    setResult(NO_RESULT);
    if (!(await checked.allows())) return;
    const answered = await create.run(CreateWorkloadDocument, {
      cluster,
      manifest: text,
      reason: reason.trim() || null,
    });
    setResult(answered);
    const target = answered.accepted?.operation.target;
    if (target) router.push(objectPath('workloads', targetId(target)));
  };

  return (
    <>
      <PageHead title={t('create.title')}>
        <Radio.Group
          value={face}
          onChange={(event) => turn(event.target.value)}
          optionType="button"
          aria-label={t('create.face')}
          options={[
            { value: 'form', label: <span data-testid="face-form">{t('create.form')}</span> },
            { value: 'yaml', label: <span data-testid="face-yaml">YAML</span> },
            { value: 'json', label: <span data-testid="face-json">JSON</span> },
          ]}
        />
      </PageHead>
      {clusters.error && <Problem error={clusters.error as GraphqlError} retry={clusters.refetch} />}
      <div className="create-page">
        <form
          className="panel create"
          onSubmit={submit}
          onBlur={leave}
          onPointerDown={press}
          aria-label={t('create.title')}
          data-testid="create-form"
          noValidate
        >
          {place && (
            <PlaceBand
              environment={place.environment}
              place={[place.name, manifest && (textAt(manifest, ['metadata', 'namespace']) || DEFAULT)]
                .filter(Boolean)
                .join(t('mark.comma'))}
            />
          )}
          {start && (
            <p className="quiet" data-testid="create-copied">
              {t('create.copied')}
            </p>
          )}
          {(clusters.data?.length ?? 0) > 1 && (
            <Field id="cluster" label={t('create.cluster')}>
              <Select
                id="cluster"
                value={cluster}
                onChange={setChosen}
                showSearch={{ optionFilterProp: 'label' }}
                options={clusters.data?.map(({ id, name }) => ({ value: id, label: name }))}
              />
            </Field>
          )}
          {face === 'form' && manifest ? (
            <WorkloadForm
              form={{
                manifest,
                wrong,
                apply: (change, place) => {
                  // The refusal was about the text before the edit.
                  setResult(NO_RESULT);
                  apply(change, place);
                },
              }}
              cluster={cluster}
              toYaml={() => turn('yaml')}
            />
          ) : (
            <>
              <ConfigEditor
                value={text}
                language={face === 'json' ? 'json' : 'yaml'}
                label={t('create.manifest')}
                onChange={(typed) => {
                  setResult(NO_RESULT);
                  write(typed);
                }}
                refused={refused}
              />
              {face === 'yaml' && manifest && (
                <NamespaceNote
                  cluster={cluster}
                  namespace={textAt(manifest, ['metadata', 'namespace']) || DEFAULT}
                />
              )}
            </>
          )}
          {unreadable && (
            <Alert
              type="warning"
              showIcon
              title={t(`create.unreadable.${unreadable.why}`, { ...unreadable })}
              data-testid="unreadable"
            />
          )}
          <Field id="reason" label={t('command.reason')}>
            <Input
              id="reason"
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
          {face === 'form' && isSent && mistakes.length > 0 && (
            <Alert
              type="error"
              showIcon
              title={t('create.mistakes', { count: mistakes.length })}
              data-testid="create-mistakes"
            />
          )}
          {refusal && (
            <Alert
              type="error"
              showIcon
              title={
                <>
                  {refusal}
                  {refused?.field && <div className="quiet">{t('create.at', { field: refused.field })}</div>}
                </>
              }
              data-testid="create-refusal"
              data-code={refused?.code}
            />
          )}
          {isTried && !cluster && (
            <Alert
              type="error"
              showIcon
              title={t(clusters.data ? 'create.noCluster' : 'create.clustersUnread')}
              data-testid="create-no-cluster"
            />
          )}
          {checked.outcome && <Checked outcome={checked.outcome} />}
          <p className="quiet">{t('create.dryRun')}</p>
          <div className="form-actions">
            <Button
              type="primary"
              htmlType="submit"
              className={place && `environment-${place.environment}`}
              loading={create.isLoading}
              data-testid="create-submit"
            >
              {checked.outcome?.is === 'notChecked' ? t('create.submitUnchecked') : act}
            </Button>
            <Button onClick={check} loading={checked.isLoading} data-testid="create-check">
              {t('create.check')}
            </Button>
            <Link href="/workloads">{t('command.cancel')}</Link>
          </div>
        </form>
        {face === 'form' && (
          <section className="panel create-text" aria-labelledby="create-text" data-testid="create-text">
            <h2 id="create-text">{t('create.manifest')}</h2>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
            <pre tabIndex={0}>{text}</pre>
          </section>
        )}
      </div>
    </>
  );
}
