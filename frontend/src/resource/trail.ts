import { forgetWithPerson } from '@/ui/hooks/on-device';

/** The list that one came from: its address with the filters, and its rows in their order. */
export interface Trail {
  address: string;
  ids: readonly string[];
  /** How many objects the whole list has, if that is known: `ids` may be one page of it. */
  total?: number;
}

const keyOf = (list: string) => `binnacle.trail.${list}`;
/** Storage may be forbidden: then it lasts as long as the document. */
const kept = new Map<string, Trail>();
forgetWithPerson(() => kept.clear());

/** Remembers the list from which an object is opened, so that its page knows the next one. */
export function keepTrail(list: string, trail: Trail) {
  kept.set(list, trail);
  try {
    sessionStorage.setItem(keyOf(list), JSON.stringify(trail));
  } catch {
    // Kept in memory only.
  }
}

/** The list that leads to an object; null where one came by another way. */
export function trailTo(list: string, id: string): Trail | null {
  const trail = kept.get(list) ?? stored(list);
  if (trail) kept.set(list, trail);
  return trail?.ids.includes(id) ? trail : null;
}

function stored(list: string): Trail | null {
  try {
    const { address, ids, total } = JSON.parse(sessionStorage.getItem(keyOf(list)) ?? '{}') as Partial<Trail>;
    return typeof address === 'string' && address.startsWith('/') && Array.isArray(ids)
      ? { address, ids, ...(typeof total === 'number' && { total }) }
      : null;
  } catch {
    return null;
  }
}

/** The page that one came from in this tab, with its filters; null where there is none, or the browser does not tell. */
export function cameFrom(): string | null {
  // Older browsers have no such list.
  const navigation = window.navigation as Navigation | undefined;
  const before = navigation?.entries().slice(0, navigation.currentEntry?.index ?? 0) ?? [];
  const pages = before.map(({ url }) => new URL(url ?? '', location.href));
  // The tabs of this page are entries too.
  const page = pages.findLast(({ pathname }) => pathname !== location.pathname);
  return page ? page.pathname + page.search : null;
}
