import { useTranslation } from 'react-i18next';
import { valuesOf } from '@/graphql/enum';
import type { CheckState, ClusterCheckName } from '@/graphql/generated/graphql';
import { Copy } from '@/ui/controls/copy';
import { StateTag, type Tone } from '@/ui/feedback/state-tag';
import type { Check } from '../use-cluster-request';

/** Every step in its order, with the command that tells more of its fault. The server says itself what to do. */
const steps: Record<ClusterCheckName, string | null> = {
  CREDENTIALS: 'kubectl config view --raw --minify --flatten',
  ADDRESS: 'kubectl cluster-info',
  CONNECT: 'kubectl get --raw /readyz',
  TLS: 'kubectl config view --raw --minify --flatten',
  AUTHENTICATION: 'kubectl auth whoami',
  RIGHTS: 'kubectl auth can-i --list',
  VERSION: null,
  CLOCK: null,
};

const tones: Record<CheckState, Tone> = { PASSED: 'good', FAILED: 'bad', WARNING: 'warn', SKIPPED: 'idle' };

const isTrouble = (state: CheckState) => state === 'FAILED' || state === 'WARNING';

interface CheckStepsProps {
  /** Undefined while the server tries. */
  check: Check | undefined;
}

/** The check of a connection, step by step: what was found, and how to look into what fails. */
export function CheckSteps({ check }: CheckStepsProps) {
  const { t } = useTranslation();
  const passed = check?.steps.filter(({ state }) => state === 'PASSED').length ?? 0;
  return (
    <section aria-labelledby="check-steps" aria-busy={!check} data-testid="check-steps">
      <h2 id="check-steps">{t('addCluster.checkTitle')}</h2>
      <p className="quiet" role="status" data-testid="check-summary">
        {check ? t('addCluster.passed', { passed, total: check.steps.length }) : t('addCluster.checking')}
      </p>
      <ol className="check-steps">
        {check
          ? check.steps.map((step) => <Step key={step.name} step={step} />)
          : valuesOf(steps).map((name) => (
              <li key={name} className="quiet">
                {t(`clusterStep.${name}`)}
              </li>
            ))}
      </ol>
    </section>
  );
}

function Step({ step: { name, state, message } }: { step: Check['steps'][number] }) {
  const { t } = useTranslation();
  const command = steps[name];
  return (
    <li data-testid={`check-${name}`} data-state={state}>
      <div className="check-step">
        <strong>{t(`clusterStep.${name}`)}</strong>
        <StateTag
          tone={tones[state]}
          state={state}
          text={t(`checkState.${state}`)}
          data-testid="check-state"
        />
        <span className="wrap">{message.text}</span>
      </div>
      {isTrouble(state) && command && (
        <p className="check-next">
          {t('addCluster.lookInto')} <code>{command}</code> <Copy text={command} />
        </p>
      )}
    </li>
  );
}
