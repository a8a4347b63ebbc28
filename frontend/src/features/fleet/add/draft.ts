import type { Environment, RegisterClusterInput } from '@/graphql/generated/graphql';

/** The ways to say how a cluster is reached. */
export const ways = ['kubeconfig', 'token', 'inCluster'] as const;
export type Way = (typeof ways)[number];

/**
 * What the form of a new cluster holds. It has secrets in it: it lives in the form alone, and nothing keeps it in the
 * browser.
 */
export interface Draft {
  name: string;
  environment: Environment;
  way: Way;
  kubeconfig: string;
  server: string;
  certificateAuthority: string;
  token: string;
  /** None means all. */
  namespaces: readonly string[];
  reason: string;
}

export type DraftField = keyof Draft;

export const NO_DRAFT: Draft = {
  name: '',
  // One that is for something else has to be said to be.
  environment: 'PRODUCTION',
  way: 'kubeconfig',
  kubeconfig: '',
  server: '',
  certificateAuthority: '',
  token: '',
  namespaces: [],
  reason: '',
};

const fieldsOf: Record<Way, readonly DraftField[]> = {
  kubeconfig: ['kubeconfig'],
  token: ['server', 'certificateAuthority', 'token'],
  // It is reached by the service account of Binnacle.
  inCluster: [],
};

/** The fields that have to be filled in first, in the order of the form. */
export function emptyFields(draft: Draft): DraftField[] {
  const required: DraftField[] = ['name', ...fieldsOf[draft.way]];
  return required.filter((field) => String(draft[field]).trim() === '');
}

/** What is sent: only the way that is chosen, whatever was typed for the other one. */
export function inputOf(draft: Draft): RegisterClusterInput {
  const { name, environment, way, kubeconfig, server, certificateAuthority, token, namespaces, reason } =
    draft;
  return {
    name: name.trim(),
    environment,
    ...(way === 'kubeconfig' && { kubeconfig }),
    ...(way === 'token' && {
      token: {
        server: server.trim(),
        certificateAuthority: certificateAuthority.trim(),
        token: token.trim(),
      },
    }),
    inCluster: way === 'inCluster',
    namespaces: namespaces.length > 0 ? [...namespaces] : null,
    reason: reason.trim() || null,
  };
}

/** Whether a check of one draft says something of the other: how the cluster is reached is the same. */
export function isSameConnection(one: Draft, other: Draft): boolean {
  const connection = (draft: Draft) =>
    JSON.stringify(inputOf({ ...draft, name: '', environment: 'STAGING', reason: '' }));
  return connection(one) === connection(other);
}

/** The field that the server refuses, as its input calls it: token.server, namespaces.0. Null where the form shows none. */
export function fieldOf(refused: string | null | undefined, { way }: Draft): DraftField | null {
  const parts = refused?.split('.').reverse() ?? [];
  const field = parts.find((part): part is DraftField => Object.hasOwn(NO_DRAFT, part));
  const isHidden = ways.some((other) => other !== way && field && fieldsOf[other].includes(field));
  return field && !isHidden ? field : null;
}
