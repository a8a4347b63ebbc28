import { useKnownClusters } from './api';

/**
 * Whether an empty list of these kinds proves nothing: some of them may not be read in a cluster, or a cluster does not
 * answer. Which ones is said once for the page.
 */
export function useIsPartial(kinds: readonly string[]): boolean {
  const known = useKnownClusters();
  return (
    known?.some(
      ({ state, unreadable }) =>
        state === 'UNREACHABLE' || unreadable.some(({ kind }) => kinds.includes(kind)),
    ) ?? false
  );
}
