import { usePathname } from 'next/navigation';
import { idOfPath } from './path';

/** The exported page was built for "_": only the address says which object it is about. */
export function useObjectId(): string {
  return idOfPath(usePathname());
}
