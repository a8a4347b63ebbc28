import type { PodRowFragment } from '@/graphql/generated/graphql';

/** The labels by which a controller tells the pods of one version of the template from those of another. */
const HASHES = ['pod-template-hash', 'controller-revision-hash'];

type VersionedPod = Pick<PodRowFragment, 'labels' | 'phase' | 'ready' | 'createdAt' | 'id' | 'containers'>;

/** The pods of one version of the template. */
export interface Version {
  hash: string;
  pods: VersionedPod[];
  ready: number;
  images: string[];
  /** When the first of these pods was made. */
  since: string;
}

/** The versions that have pods, the new one first. Pods that end, or have ended, are left out. */
export function versionsOf(pods: readonly VersionedPod[], updated: number | null): Version[] {
  const found = new Map<string, VersionedPod[]>();
  for (const pod of pods) {
    const hash = hashOf(pod);
    if (!hash || !['Pending', 'Running'].includes(pod.phase)) continue;
    found.set(hash, [...(found.get(hash) ?? []), pod]);
  }
  const versions = [...found].map(([hash, pods]) => ({
    hash,
    pods,
    ready: pods.filter(({ ready }) => ready).length,
    images: imagesOf(pods),
    since: pods.map(({ createdAt }) => createdAt).sort()[0] ?? '',
  }));
  // All pods of the new version were made after the rollout began. An old version may have newer ones too.
  versions.sort((one, other) => Date.parse(other.since) - Date.parse(one.since));
  const ofSize = versions.filter(({ pods }) => pods.length === updated);
  const [sure] = ofSize;
  return ofSize.length === 1 && sure ? [sure, ...versions.filter((one) => one !== sure)] : versions;
}

/** What a version is called by its place. While no pod is updated, no version that has pods is the new one. */
export function versionName(at: number, all: number, updated: number | null): 'one' | 'now' | 'before' {
  if (updated === 0) return 'before';
  if (all === 1) return 'one';
  return at === 0 ? 'now' : 'before';
}

function hashOf({ labels }: VersionedPod): string | undefined {
  const known = (labels ?? {}) as Record<string, string>;
  return HASHES.map((label) => known[label]).find(Boolean);
}

function imagesOf(pods: VersionedPod[]): string[] {
  const images = pods.flatMap(({ containers }) =>
    containers.filter(({ role }) => role === 'main').map(({ image }) => image),
  );
  return [...new Set(images)];
}
