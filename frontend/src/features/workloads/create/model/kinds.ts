import { valuesOf } from '@/graphql/enum';
import type { Path } from '@/ui/editor/yaml/nodes';

/** A field of `spec` that the form has besides the pod template. */
export type SpecField =
  | 'replicas'
  | 'serviceName'
  | 'schedule'
  | 'timeZone'
  | 'concurrencyPolicy'
  | 'completions'
  | 'parallelism'
  | 'backoffLimit';

interface KindRule {
  apiVersion: string;
  fields: readonly SpecField[];
  /** It finds its pods by labels, which the author chooses. */
  hasSelector?: true;
  /** Its pods end: they may not always be restarted. */
  ends?: true;
  /** The longest name; other kinds take 253 characters. */
  longestName?: number;
}

const ofJob = ['completions', 'parallelism', 'backoffLimit'] as const;

/** What each kind of workload has, as the API of Kubernetes defines it. */
const rules = {
  Deployment: { apiVersion: 'apps/v1', fields: ['replicas'], hasSelector: true },
  StatefulSet: { apiVersion: 'apps/v1', fields: ['replicas', 'serviceName'], hasSelector: true },
  DaemonSet: { apiVersion: 'apps/v1', fields: [], hasSelector: true },
  Job: { apiVersion: 'batch/v1', fields: ofJob, ends: true, longestName: 63 },
  CronJob: {
    apiVersion: 'batch/v1',
    fields: ['schedule', 'timeZone', 'concurrencyPolicy', ...ofJob],
    ends: true,
    longestName: 52,
  },
  ReplicaSet: { apiVersion: 'apps/v1', fields: ['replicas'], hasSelector: true },
} satisfies Record<string, KindRule>;

export type Kind = keyof typeof rules;
export const kinds = valuesOf(rules);
export const ruleOf = (kind: Kind): KindRule => rules[kind];
export const isKind = (word: unknown): word is Kind => typeof word === 'string' && word in rules;

const JOB_OF_CRON_JOB = ['spec', 'jobTemplate', 'spec'];

export function specPath(kind: Kind, field: SpecField): Path {
  const isOfJob = kind === 'CronJob' && ofJob.some((one) => one === field);
  return [...(isOfJob ? JOB_OF_CRON_JOB : ['spec']), field];
}

/** The pod template. */
export function templatePath(kind: Kind): Path {
  return [...(kind === 'CronJob' ? JOB_OF_CRON_JOB : ['spec']), 'template'];
}

export const containersPath = (kind: Kind): Path => [...templatePath(kind), 'spec', 'containers'];
export const podLabelsPath = (kind: Kind): Path => [...templatePath(kind), 'metadata', 'labels'];
export const SELECTOR: Path = ['spec', 'selector', 'matchLabels'];
