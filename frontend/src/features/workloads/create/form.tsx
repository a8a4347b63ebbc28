'use client';

import { Alert, Button, Input, Radio, Select } from 'antd';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClustersQuery } from '@/features/clusters/api';
import type { GraphqlError } from '@/graphql/error';
import { CreateWorkloadDocument, type CreateWorkloadMutation } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { type Result, useCommand } from '@/resource/use-command';
import { Field } from '@/ui/controls/field';
import type { ConfigLanguage } from '@/ui/editor/config-lint';
import { convert } from '@/ui/editor/convert';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { PageHead } from '@/ui/page-head';
import { emptyFields, type Fields, readFields, writeFields } from './manifest';
import { hasWrongNumber, ShortForm } from './short-form';

const ConfigEditor = dynamic(
  () => import('@/ui/editor/config-editor').then((module) => module.ConfigEditor),
  {
    ssr: false,
    loading: () => <Loading lines={10} />,
  },
);

type Face = 'form' | ConfigLanguage;

/** A new workload, by a few fields or by its manifest; each face goes on from what the other holds. */
export function ContainerForm() {
  const { t } = useTranslation();
  const router = useRouter();
  const clusters = useClustersQuery();
  const create = useCommand<CreateWorkloadMutation['createWorkload']>();
  const [face, setFace] = useState<Face>('form');
  const [fields, setFields] = useState<Fields>(emptyFields);
  const [text, setText] = useState('');
  const [unreadable, setUnreadable] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [result, setResult] = useState<Result | null>(null);
  const cluster = chosen ?? clusters.data?.[0]?.id;
  const { refused, refusal } = result ?? {};
  const blocked = !cluster || (face === 'form' && hasWrongNumber(fields));

  // The refusal was about the text before the edit.
  const edit =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value);
      setResult(null);
    };

  const turn = (to: Face) => {
    const held = face === 'form' ? writeFields(fields, text) : text;
    const read = to === 'form' ? readFields(held) : fields;
    const written = to === 'form' || to === notation(held) ? held : convert(held, to);
    setUnreadable(read === null || written === null);
    if (read === null || written === null) return;
    setFields(read);
    setText(written);
    setFace(to);
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked) return;
    const manifest = face === 'form' ? writeFields(fields, text) : text;
    const answered = await create.run(CreateWorkloadDocument, {
      cluster,
      manifest,
      reason: reason.trim() || null,
    });
    setResult(answered);
    const target = answered.accepted?.operation.target;
    if (!target) return;
    router.push(
      target.workload
        ? objectPath('workloads', target.workload.id)
        : `/workloads?ns=${target.namespace ?? ''}`,
    );
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
      <form
        className="panel create"
        onSubmit={submit}
        aria-label={t('create.title')}
        data-testid="create-form"
      >
        {(clusters.data?.length ?? 0) > 1 && (
          <Field id="cluster" label={t('create.cluster')}>
            <Select
              id="cluster"
              value={cluster}
              onChange={setChosen}
              options={clusters.data?.map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Field>
        )}
        {face === 'form' ? (
          <ShortForm
            fields={fields}
            change={edit(setFields)}
            cluster={cluster}
            refused={refused ?? null}
            refusal={refusal}
          />
        ) : (
          <ConfigEditor
            value={text}
            language={face}
            label={t('create.manifest')}
            onChange={edit(setText)}
            refused={refused}
          />
        )}
        {unreadable && (
          <Alert type="warning" showIcon title={t('create.unreadable')} data-testid="unreadable" />
        )}
        <Field id="reason" label={t('command.reason')}>
          <Input
            id="reason"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
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
        <div className="form-actions">
          <Button
            type="primary"
            htmlType="submit"
            loading={create.isLoading}
            disabled={blocked}
            data-testid="create-submit"
          >
            {t('create.submit')}
          </Button>
          <Link href="/workloads">{t('command.cancel')}</Link>
        </div>
      </form>
    </>
  );
}

function notation(text: string): ConfigLanguage {
  return text.trimStart().startsWith('{') ? 'json' : 'yaml';
}
