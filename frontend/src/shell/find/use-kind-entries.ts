import { usePathname } from 'next/navigation';
import { useKnownClusters } from '@/features/clusters/api';
import { clusterOf } from '@/features/clusters/cluster-of';
import type { ServedKind } from '@/features/kinds/api';
import { kindHref } from '@/features/kinds/href';
import { titleOf } from '@/features/kinds/sections';
import { idOfPath } from '@/resource/path';

/** Every cluster serves many kinds of a common word. */
const MOST = 6;

/** The lists of the kinds that a text in small letters names, as kubectl knows them: svc, pvc. */
export function useKindEntries(wanted: string, served: readonly ServedKind[] = []) {
  const hasSeveral = (useKnownClusters()?.length ?? 0) > 1;
  const ofPage = clusterOf(idOfPath(usePathname())) || new URLSearchParams(location.search).get('cluster');
  if (!wanted) return [];
  const names = (kind: ServedKind) => [kind.kind.toLowerCase(), kind.plural, ...kind.shortNames];
  // Pods have a page of their own.
  const found = served.filter(
    (kind) => kind.id !== 'Pod' && names(kind).some((name) => name.startsWith(wanted)),
  );
  // What is named in whole stands before what begins so.
  const isWhole = (kind: ServedKind) => names(kind).includes(wanted);
  const sorted = [...found.filter(isWhole), ...found.filter((kind) => !isWhole(kind))];
  return sorted.slice(0, MOST).map((kind) => ({
    key: kindHref(kind, { cluster: hasSeveral ? clusterFor(kind, ofPage) : undefined }),
    words: titleOf(kind),
    detail: kind.group,
  }));
}

/** That of the page. A kind that is not recorded is read from one cluster; others are listed of all. */
function clusterFor({ clusters, recorded }: ServedKind, ofPage: string | null): string | undefined {
  if (ofPage && clusters.includes(ofPage)) return ofPage;
  return recorded ? undefined : clusters[0];
}
