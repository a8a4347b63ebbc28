import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useMemo } from 'react';

/** What was set last and is not in the URL yet. A second change that comes before must keep the first. */
let pending: { pathname: string; query: string } | null = null;

/** The query part of the URL as the page's state: it can be shared, bookmarked and gone back to. */
export function useAddress() {
  const search = useSearchParams();
  const pathname = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the URL changes, what was set has arrived or is given up.
  useEffect(() => {
    pending = null;
  }, [search, pathname]);
  const set = useCallback(
    (changes: Record<string, string | string[] | null | undefined>, how: 'push' | 'replace' = 'replace') => {
      const next = new URLSearchParams(
        pending?.pathname === pathname ? pending.query : window.location.search,
      );
      for (const [key, value] of Object.entries(changes)) {
        const text = Array.isArray(value) ? value.join(',') : value;
        if (text) next.set(key, text);
        else next.delete(key);
      }
      const query = next.toString().replaceAll('%2C', ',');
      pending = { pathname, query };
      // The page is the same, so it need not be asked of the server.
      const write = how === 'push' ? 'pushState' : 'replaceState';
      window.history[write](null, '', query ? `${pathname}?${query}` : pathname);
    },
    [pathname],
  );
  return useMemo(
    () => ({
      get: (key: string) => search.get(key) ?? '',
      list: (key: string) => search.get(key)?.split(',').filter(Boolean) ?? [],
      set,
    }),
    [search, set],
  );
}

/** Those of the values that a closed list holds, in its order: an address can hold anything. */
export function onlyAllowed<Value extends string>(values: string[], allowed: readonly Value[]): Value[] {
  return allowed.filter((value) => values.includes(value));
}
