import { usePathname } from 'next/navigation';
import { useAddress } from '@/ui/hooks/use-address';
import { useClustersQuery } from './api';
import { clusterOf } from './cluster-of';

/** The cluster that the page is about: that of its object or filter, or the only one. Undefined on a page about several. */
export function useClusterOfPage() {
  const address = useAddress();
  const pathname = usePathname();
  const { data } = useClustersQuery();
  const id = clusterOfPath(pathname) || address.get('cluster');
  if (id) return data?.find((cluster) => cluster.id === id);
  return data?.length === 1 ? data[0] : undefined;
}

/** The page of an object ends in its id. */
function clusterOfPath(pathname: string): string | undefined {
  try {
    return clusterOf(decodeURIComponent(pathname.split('/').at(-1) ?? ''));
  } catch {
    // An address that somebody wrote by hand.
    return undefined;
  }
}
