import { useEffect, useId, useSyncExternalStore } from 'react';

/** What can be done with the object whose page or drawer is open, for what offers it a second time: each opens its dialog. */
export interface Offered {
  name: string;
  /** The verb and the object. */
  words: string;
  /** Why it is not allowed; null when it is. */
  refusal: string | null;
  open: () => void;
}

const nothing: readonly Offered[] = [];
const bySource = new Map<string, readonly Offered[]>();
let offered = nothing;
const listeners = new Set<() => void>();

function publish(source: string, actions: readonly Offered[]) {
  if (actions.length > 0) bySource.set(source, actions);
  else if (!bySource.delete(source)) return;
  // The drawer that was opened last comes before the page below it.
  offered = [...bySource.values()].reverse().flat();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Offers these as long as it is shown what they are done with. */
export function useOffer(actions: readonly Offered[]) {
  const source = useId();
  useEffect(() => publish(source, actions));
  useEffect(() => () => publish(source, nothing), [source]);
}

export function useOffered(): readonly Offered[] {
  return useSyncExternalStore(
    subscribe,
    () => offered,
    () => nothing,
  );
}
