import { useEffect, useSyncExternalStore } from 'react';

/** The cluster that the page acts on, where its address does not name one. */
let acting: string | undefined;
const listeners = new Set<() => void>();

function actOn(id: string | undefined) {
  acting = id;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Says on which cluster the page acts while it is open, so that the shell shows its environment. */
export function useActsOn(id: string | undefined) {
  useEffect(() => {
    actOn(id);
    return () => actOn(undefined);
  }, [id]);
}

export const useActing = () =>
  useSyncExternalStore(
    subscribe,
    () => acting,
    () => undefined,
  );
