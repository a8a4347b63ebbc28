import { Input, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '@/ui/controls/field';
import { type Draft, type DraftField, ways } from './draft';
import { KubeconfigField } from './kubeconfig-field';
import { faultOf, secretText } from './secret-text';

export interface DraftProps {
  draft: Draft;
  change: (changes: Partial<Draft>) => void;
  wrong: (field: DraftField) => string | null;
}

/** How the cluster is reached, and as whom: by a kubeconfig, by its address and a token, or from within. */
export function Credentials({ draft, change, wrong }: DraftProps) {
  const { t } = useTranslation();
  return (
    <>
      <fieldset className="fleet-choice">
        <legend>{t('addCluster.way.label')}</legend>
        <Radio.Group
          value={draft.way}
          onChange={({ target }) => change({ way: target.value })}
          options={ways.map((way) => ({
            value: way,
            label: <span data-testid={`way-${way}`}>{t(`addCluster.way.${way}`)}</span>,
          }))}
        />
      </fieldset>
      {draft.way === 'kubeconfig' && (
        <KubeconfigField
          value={draft.kubeconfig}
          error={wrong('kubeconfig')}
          change={(kubeconfig) => change({ kubeconfig })}
        />
      )}
      {draft.way === 'token' && <Token draft={draft} change={change} wrong={wrong} />}
      <p className="quiet">{t(draft.way === 'inCluster' ? 'addCluster.inCluster' : 'addCluster.kept')}</p>
    </>
  );
}

function Token({ draft: { server, certificateAuthority, token }, change, wrong }: DraftProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field id="server" label={t('addCluster.server')} error={wrong('server')}>
        <Input
          id="server"
          {...faultOf('server', wrong('server'))}
          inputMode="url"
          autoComplete="off"
          placeholder="https://10.0.0.9:6443"
          value={server}
          onChange={({ target }) => change({ server: target.value })}
        />
      </Field>
      <Field id="certificateAuthority" label={t('addCluster.ca')} error={wrong('certificateAuthority')}>
        <Input.TextArea
          {...secretText('certificateAuthority', wrong('certificateAuthority'))}
          className="fleet-secret"
          autoSize={{ minRows: 3, maxRows: 8 }}
          placeholder="-----BEGIN CERTIFICATE-----"
          value={certificateAuthority}
          onChange={({ target }) => change({ certificateAuthority: target.value })}
        />
      </Field>
      <Field id="token" label={t('addCluster.token')} error={wrong('token')}>
        <Input.Password
          {...secretText('token', wrong('token'))}
          // Only so do browsers not offer to keep it.
          autoComplete="new-password"
          value={token}
          onChange={({ target }) => change({ token: target.value })}
        />
      </Field>
    </>
  );
}
