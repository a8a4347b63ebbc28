import { usePathname } from 'next/navigation';
import { idOfPath } from '@/resource/path';
import { useAddress } from '@/ui/hooks/use-address';
import { useActing } from './acting';
import { useClustersQuery } from './api';
import { clusterOf } from './cluster-of';

/**
 * The cluster that the page is about: that of its object, the one that it says it acts on, that of its filter, or the only
 * one. Undefined on a page about several.
 */
export function useClusterOfPage() {
  const address = useAddress();
  const pathname = usePathname();
  const acting = useActing();
  const { data } = useClustersQuery();
  const id =
    clusterOf(idOfPath(pathname)) || clusterOf(address.get('id')) || acting || address.get('cluster');
  if (id) return data?.find((cluster) => cluster.id === id);
  return data?.length === 1 ? data[0] : undefined;
}
