import { usePathname, useSearchParams } from 'next/navigation';

/** The part of an address that opens the drawer of an operation, on whichever page. */
export const OPERATION = 'op';

/** This page with the drawer of an operation open. */
export function useOperationHref(id: string): string {
  const pathname = usePathname();
  const next = new URLSearchParams(useSearchParams()?.toString());
  next.set(OPERATION, id);
  return `${pathname ?? ''}?${next.toString().replaceAll('%2C', ',')}`;
}
