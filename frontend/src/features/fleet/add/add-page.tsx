'use client';

import { Alert, Button, Input, Radio, Select } from 'antd';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '@/ui/controls/field';
import { PlaceBand } from '@/ui/feedback/environment';
import { toast } from '@/ui/feedback/toast';
import { PageHead } from '@/ui/page-head';
import { environments } from '../order';
import { CheckSteps } from './check-steps';
import { Credentials, type DraftProps } from './credentials';
import { faultOf } from './secret-text';
import { useAdding } from './use-adding';
import '../fleet.css';

/** A new cluster: what it is and how it is reached, the check of that, and the button that adds it. */
export function AddCluster() {
  const { t } = useTranslation();
  const router = useRouter();
  const { draft, change, checked, isStale, isBusy, refusal, wrong, runCheck, add } = useAdding((name) => {
    toast({ text: t('addCluster.added', { name }), tone: 'good' });
    router.push('/clusters');
  });
  const mayAdd = checked?.check?.ok === true;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void (mayAdd ? add() : runCheck());
  };
  const { environment, name } = draft;
  return (
    <>
      <PageHead title={t('fleet.add')} />
      {/* Without script it must not be sent by its address. */}
      <form
        className="panel create"
        method="post"
        autoComplete="off"
        noValidate
        onSubmit={submit}
        aria-label={t('fleet.add')}
        data-testid="cluster-form"
      >
        <PlaceBand environment={environment} place={name.trim() || t('addCluster.unnamed')} />
        <Identity draft={draft} change={change} wrong={wrong} />
        <Credentials draft={draft} change={change} wrong={wrong} />
        <Rest draft={draft} change={change} wrong={wrong} />
        {checked && <CheckSteps check={checked.check} />}
        {isStale && (
          <p className="warn-text" role="status" data-testid="check-stale">
            {t('addCluster.stale')}
          </p>
        )}
        {refusal && <Alert type="error" showIcon title={refusal} data-testid="cluster-refusal" />}
        <div className="form-actions">
          {mayAdd && (
            <Button
              type="primary"
              htmlType="submit"
              className={`environment-${environment}`}
              loading={isBusy}
              data-testid="cluster-submit"
            >
              {t(`addCluster.submitAs.${environment}`)}
            </Button>
          )}
          <Button
            type={mayAdd ? 'default' : 'primary'}
            htmlType={mayAdd ? 'button' : 'submit'}
            loading={isBusy && !mayAdd}
            onClick={mayAdd ? () => void runCheck() : undefined}
            data-testid="cluster-check"
          >
            {t(checked?.check ? 'addCluster.checkAgain' : 'addCluster.check')}
          </Button>
          <Link href="/clusters">{t('command.cancel')}</Link>
        </div>
      </form>
    </>
  );
}

/** What it is called, and what it is for. */
function Identity({ draft: { name, environment }, change, wrong }: DraftProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field id="name" label={t('addCluster.name')} hint={t('addCluster.nameHint')} error={wrong('name')}>
        <Input
          id="name"
          {...faultOf('name', wrong('name'))}
          autoComplete="off"
          maxLength={63}
          value={name}
          onChange={({ target }) => change({ name: target.value })}
        />
      </Field>
      <fieldset className="fleet-choice">
        <legend>{t('addCluster.environment')}</legend>
        <Radio.Group
          value={environment}
          onChange={({ target }) => change({ environment: target.value })}
          options={environments.map((value) => ({
            value,
            label: <span data-testid={`environment-${value}`}>{t(`environment.${value}`)}</span>,
          }))}
        />
        <span className="quiet">{t('addCluster.environmentHint')}</span>
      </fieldset>
    </>
  );
}

/** What it is restricted to, and why it is added. */
function Rest({ draft: { namespaces, reason }, change, wrong }: DraftProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field
        id="namespaces"
        label={t('addCluster.namespaces')}
        hint={t('addCluster.namespacesHint')}
        error={wrong('namespaces')}
      >
        <Select
          id="namespaces"
          {...faultOf('namespaces', wrong('namespaces'))}
          mode="tags"
          open={false}
          suffixIcon={null}
          tokenSeparators={[',', ' ', '\n']}
          value={[...namespaces]}
          onChange={(chosen: string[]) => change({ namespaces: chosen })}
        />
      </Field>
      <Field id="reason" label={t('command.reason')} error={wrong('reason')}>
        <Input
          id="reason"
          maxLength={500}
          value={reason}
          onChange={({ target }) => change({ reason: target.value })}
        />
      </Field>
    </>
  );
}
