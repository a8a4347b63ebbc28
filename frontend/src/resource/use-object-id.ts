import { usePathname } from 'next/navigation';

/** The exported page was built for "_": only the address says which object it is about. */
export function useObjectId(): string {
  return decodeURIComponent(usePathname().split('/')[2] ?? '');
}
