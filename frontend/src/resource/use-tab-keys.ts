import { useRouter } from 'next/navigation';
import { useAddress } from '@/ui/hooks/use-address';
import { useKeys } from '@/ui/hooks/use-keys';
import { eitherKeys } from './keys';
import { objectPath } from './path';
import type { RowKey } from './resource-table';

const tabKeys = [{ tab: 'logs', ...eitherKeys.logs }];

/** Keys that open the tabs of the page of an object, as far as it has them. */
export function useTabKeys(tabs: readonly string[]) {
  const { set } = useAddress();
  useKeys(
    tabKeys
      .filter(({ tab }) => tabs.includes(tab))
      .map(({ tab, keys }) => ({ keys, run: () => set({ tab }, 'push') })),
  );
}

/** The same keys for a row: they open the page of its object at that tab. */
export function useRowTabKeys(path: string): RowKey<{ id: string }>[] {
  const router = useRouter();
  return tabKeys.map(({ tab, keys }) => ({
    keys,
    run: ({ id }) => router.push(`${objectPath(path, id)}?tab=${tab}`),
  }));
}
