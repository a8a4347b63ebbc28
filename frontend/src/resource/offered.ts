import { useEffect, useSyncExternalStore } from 'react';

/** What can be done with the object whose page is open, for what offers it a second time: each opens the dialog of that page. */
export interface Offered {
  name: string;
  /** The verb and the object. */
  words: string;
  /** Why it is not allowed; null when it is. */
  refusal: string | null;
  open: () => void;
}

const nothing: readonly Offered[] = [];
let offered = nothing;
const listeners = new Set<() => void>();

function publish(next: readonly Offered[]) {
  offered = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Offers these as long as the page is shown. */
export function useOffer(actions: readonly Offered[]) {
  useEffect(() => publish(actions));
  useEffect(() => () => publish(nothing), []);
}

export function useOffered(): readonly Offered[] {
  return useSyncExternalStore(
    subscribe,
    () => offered,
    () => nothing,
  );
}
