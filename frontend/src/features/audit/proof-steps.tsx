import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { EventProofQuery } from '@/graphql/generated/graphql';
import { Copy } from '@/ui/controls/copy';
import { Middle } from '@/ui/feedback/middle';

type Proof = NonNullable<NonNullable<EventProofQuery['auditEvent']>['proof']>;

interface ProofStepsProps {
  position: string;
  proof: Proof;
}

/** From the event to what was signed: each step can be computed from the one before. */
export function ProofSteps({
  position,
  proof: { contentHash, path, rootHash, treeSize, text },
}: ProofStepsProps) {
  const { t } = useTranslation();
  const names = signersOf(text ?? '').join(t('mark.comma'));
  return (
    <ol className="proof-steps">
      <Step title={t('audit.proof.leaf', { position })}>
        {t('audit.proof.hash')} <Hash base64={contentHash} />
      </Step>
      <Step title={t('audit.proof.pathOf', { count: path.length })}>
        {t('audit.proof.leads', { size: treeSize })}
      </Step>
      <Step title={t('audit.proof.checkpoint', { size: treeSize })}>
        {t('audit.proof.root')} <Hash base64={rootHash} />
        {names && <span>{t('audit.proof.signedBy', { names })}</span>}
      </Step>
    </ol>
  );
}

function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <li>
      <strong>{title}</strong>
      <div className="quiet">{children}</div>
    </li>
  );
}

/** A hash as `binnacle-audit` prints it. */
function Hash({ base64 }: { base64: string }) {
  const hex = hexOf(base64);
  return (
    <code className="hash">
      <Middle text={hex} /> <Copy text={hex} />
    </code>
  );
}

export function hexOf(base64: string): string {
  return [...atob(base64)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

/** Whose signatures a checkpoint bears: the log and its witnesses, each on a line of c2sp.org/signed-note. */
export function signersOf(text: string): string[] {
  return [...text.matchAll(/^— (\S+) \S+$/gm)].map(([, name]) => name ?? '');
}
