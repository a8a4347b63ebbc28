import { useSyncExternalStore } from 'react';
import { type Arrangement, AS_GIVEN, readArrangement } from './arrangement';

const known = new Map<string, Arrangement>();
const listeners = new Set<() => void>();
const keyOf = (list: string) => `binnacle.columns.${list}`;

function read(list: string): Arrangement {
  const current = known.get(list);
  if (current) return current;
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(keyOf(list));
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
  }
  const arrangement = readArrangement(stored);
  known.set(list, arrangement);
  return arrangement;
}

function write(list: string, arrangement: Arrangement) {
  known.set(list, arrangement);
  try {
    if (arrangement === AS_GIVEN) localStorage.removeItem(keyOf(list));
    else localStorage.setItem(keyOf(list), JSON.stringify(arrangement));
  } catch {
    // Kept in memory only.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** How the columns of a list are arranged on this device. */
export function useArrangement(list: string): [Arrangement, (next: Arrangement) => void] {
  const arrangement = useSyncExternalStore(
    subscribe,
    () => read(list),
    () => AS_GIVEN,
  );
  return [arrangement, (next) => write(list, next)];
}
