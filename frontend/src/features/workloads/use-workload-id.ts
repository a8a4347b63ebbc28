import { usePathname } from 'next/navigation';

/** The exported page was built for "_": only the address says which workload it is about. */
export function useWorkloadId(): string {
  return decodeURIComponent(usePathname().split('/')[2] ?? '');
}
