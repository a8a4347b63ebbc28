import type { Store, UnknownAction } from '@reduxjs/toolkit';

/** What this browser keeps has names that begin so. */
const PREFIX = 'binnacle.';

/** A value of the store that this device keeps. Storage may be forbidden: then it lasts as long as the page. */
export interface OnDevice<State, Value> {
  key: `${typeof PREFIX}${string}`;
  of: (state: State) => Value;
  /** What is kept may be from another version, or written by hand. Of null it makes the value that holds without any. */
  read: (given: unknown) => Value;
  take: (value: Value) => UnknownAction;
}

/** What was kept before. */
export function kept<State, Value>({ key, read }: OnDevice<State, Value>): Value {
  try {
    return read(JSON.parse(localStorage.getItem(key) ?? 'null'));
  } catch {
    return read(null);
  }
}

/** Keeps each new value, and takes over what another tab keeps. */
export function keep<State, Value>(store: Store<State>, spec: OnDevice<State, Value>) {
  const { key, of, read, take } = spec;
  const none = JSON.stringify(read(null));
  let last = of(store.getState());
  store.subscribe(() => {
    const value = of(store.getState());
    if (value === last) return;
    last = value;
    const text = JSON.stringify(value);
    try {
      if (text === none) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
    } catch {
      // Kept in memory only.
    }
  });
  addEventListener('storage', (event) => {
    if (event.key === key) store.dispatch(take(kept(spec)));
  });
}

const memories = new Set<() => void>();

/** Names what a module remembers of a person outside the store, so that it is forgotten with them. */
export function forgetWithPerson(clear: () => void) {
  memories.add(clear);
}

/** Forgets what modules remember of a person, and removes what this browser keeps. */
export function forgetPerson() {
  for (const clear of memories) clear();
  for (const storage of ['localStorage', 'sessionStorage'] as const) {
    try {
      const keys = Object.keys(window[storage]).filter((key) => key.startsWith(PREFIX));
      for (const key of keys) window[storage].removeItem(key);
    } catch {
      // Forbidden: nothing was kept.
    }
  }
}
