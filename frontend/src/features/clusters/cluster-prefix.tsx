import { useKnownClusters } from './api';

/** The name of a cluster before that of its object, where there is more than one. */
export function ClusterPrefix({ id }: { id: string | null | undefined }) {
  const known = useKnownClusters() ?? [];
  const name = known.length > 1 && known.find((one) => one.id === id)?.name;
  return name ? `${name} / ` : null;
}
