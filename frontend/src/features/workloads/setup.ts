/** An object in the namespace of a workload that its pods need. */
export interface Needed {
  kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim';
  name: string;
}

/** What a manifest says of how a workload runs. */
export interface Setup {
  /** How pods are replaced: the type, and what it may add or take away meanwhile. */
  strategy: { type: string; maxSurge?: string; maxUnavailable?: string } | null;
  serviceAccount: string | null;
  needs: Needed[];
}

/** What names an object that pods need, wherever it stands in the template. */
const REFERENCES: readonly [field: string, name: string, kind: Needed['kind']][] = [
  ['configMap', 'name', 'ConfigMap'],
  ['configMapRef', 'name', 'ConfigMap'],
  ['configMapKeyRef', 'name', 'ConfigMap'],
  ['secret', 'secretName', 'Secret'],
  ['secret', 'name', 'Secret'],
  ['secretRef', 'name', 'Secret'],
  ['secretKeyRef', 'name', 'Secret'],
  ['persistentVolumeClaim', 'claimName', 'PersistentVolumeClaim'],
];

export function setupOf(manifest: unknown): Setup {
  const spec = at(manifest, 'spec');
  const pod = at(at(spec, 'template') ?? at(at(at(spec, 'jobTemplate'), 'spec'), 'template'), 'spec');
  const found = new Map<string, Needed>();
  collect(pod, (needed) => found.set(`${needed.kind} ${needed.name}`, needed));
  return {
    strategy: strategyOf(at(spec, 'strategy') ?? at(spec, 'updateStrategy')),
    serviceAccount: text(at(pod, 'serviceAccountName')) ?? null,
    needs: [...found.values()],
  };
}

function strategyOf(given: unknown): Setup['strategy'] {
  const type = text(at(given, 'type'));
  if (!type) return null;
  const rolling = at(given, 'rollingUpdate');
  return {
    type,
    maxSurge: text(at(rolling, 'maxSurge')),
    maxUnavailable: text(at(rolling, 'maxUnavailable')),
  };
}

function collect(value: unknown, add: (needed: Needed) => void) {
  if (!value || typeof value !== 'object') return;
  for (const [field, name, kind] of REFERENCES) {
    const named = text(at(at(value, field), name));
    if (named) add({ kind, name: named });
  }
  for (const part of Object.values(value)) collect(part, add);
}

function at(value: unknown, key: string): unknown {
  return value && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
