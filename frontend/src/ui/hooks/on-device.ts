import type { Store, UnknownAction } from '@reduxjs/toolkit';

/** A value of the store that this device keeps. Storage may be forbidden: then it lasts as long as the page. */
export interface OnDevice<State, Value> {
  key: string;
  of: (state: State) => Value;
  /** What is kept may be from another version, or written by hand. */
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
  const { key, of, take } = spec;
  let last = of(store.getState());
  store.subscribe(() => {
    const value = of(store.getState());
    if (value === last) return;
    last = value;
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Kept in memory only.
    }
  });
  addEventListener('storage', (event) => {
    if (event.key === key) store.dispatch(take(kept(spec)));
  });
}
