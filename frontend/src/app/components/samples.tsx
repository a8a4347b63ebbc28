import type { Environment } from '@/graphql/generated/graphql';
import type { FieldChange } from '@/ui/evidence/field-changes';
import type { TimelineEntry } from '@/ui/evidence/timeline';
import type { Tone } from '@/ui/feedback/state-tag';

export const states: [Tone, string][] = [
  ['bad', 'Unavailable'],
  ['warn', 'Rollout stuck'],
  ['warn', 'Degraded'],
  ['busy', 'Rolling out'],
  ['idle', 'Paused'],
  ['good', 'Running'],
  ['done', 'Completed'],
  ['unknown', 'No answer'],
];

export const causes: Record<string, string> = {
  'Rollout stuck': 'container app is killed for memory 9 s after it starts',
  Degraded: '1 of 3 ready',
};

export const environments: (Environment | undefined)[] = ['PRODUCTION', 'STAGING', 'DEVELOPMENT', undefined];

export const url = (port: number) => `postgres://ledger.payments.svc.cluster.local:${port}/ledger`;

export const changes: FieldChange[] = [
  { path: '/spec/replicas', before: 5, after: 1, important: true },
  { path: '/metadata/labels/team', before: null, after: 'shop', important: false },
];

export const entries: TimelineEntry[] = [
  { key: '5', at: '2026-01-09T13:00:00Z', by: 'warning', content: 'BackOff ×12' },
  { key: '4', at: '2026-01-09T12:00:00Z', by: 'failure', content: 'Killed for memory ×12' },
  { key: '3', at: '2026-01-09T11:00:00Z', by: 'person', content: 'li.w changed 1 field' },
  { key: '2', at: '2026-01-03T10:00:00Z', by: 'service', content: 'argocd synced it' },
  { key: '1', at: '2026-01-02T09:00:00Z', by: 'person', content: 'sam.o restarted it' },
];

export const names = [
  'checkout-7c9d8f6b54-abcdef-kx2x',
  'registry.example:5000/shop/opensearch:3.3.1',
  'registry.example/shop/web@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1',
  'web',
];

export const confirmation = {
  name: 'delete',
  words: {
    place: 'eu-1, payments',
    title: 'Delete StatefulSet payments/ledger-db?',
    effect: '3 pods end now. 3 claims stay.',
    wayBack: 'It cannot be undone here. Revision 18 can be applied again.',
    act: 'Delete ledger-db',
    keep: 'Keep it',
  },
  caution: 'Operator cloudnative-pg will create it again within a minute.',
  deletes: 'ledger-db',
  isDangerous: true,
  isLoading: false,
};

export const keys = [
  { keys: ['?'], words: 'all keys' },
  { keys: ['g', 'w'], words: 'workloads' },
  { keys: ['Escape'], words: 'close' },
];

const settings = [
  'apiVersion: v1',
  'kind: ConfigMap',
  'data:',
  '  mode: fast',
  '  region: eu-1',
  '  retries: "3"',
];

export const versions = {
  before: settings.join('\n'),
  after: settings.with(3, '  mode: slow').join('\n'),
};
