import { usePathname } from 'next/navigation';
import { useAddress } from '@/ui/hooks/use-address';
import { useClustersQuery } from './api';

/** The cluster that the page is about; undefined on a page about several. */
export function useClusterOfPage() {
  const address = useAddress();
  const pathname = usePathname();
  const { data } = useClustersQuery();
  const id = address.get('cluster') || clusterOf(pathname);
  return data?.find((cluster) => cluster.id === id) ?? (data?.length === 1 ? data[0] : undefined);
}

/** The page of an object ends in its id, which names the cluster: Kind~cluster~namespace~name. */
function clusterOf(pathname: string) {
  return decodeURIComponent(pathname.split('/').at(-1) ?? '').split('~')[1];
}
