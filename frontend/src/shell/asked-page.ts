import { useSyncExternalStore } from 'react';

/** The address of the page that was asked for last; null once it is there. */
let asked: string | null = null;
const listeners = new Set<() => void>();

export function askedFor(address: string | null) {
  asked = address;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export const useAskedPage = () =>
  useSyncExternalStore(
    subscribe,
    () => asked,
    () => null,
  );
