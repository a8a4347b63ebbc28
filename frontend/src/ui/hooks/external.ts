import { useSyncExternalStore } from 'react';

const NOTICE_MS = 100;

/** Data that changes too often for the store: listeners hear of it at most ten times a second. */
export class External {
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private count = 0;

  version = () => this.count;

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  protected changed() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.count += 1;
      for (const listener of this.listeners) listener();
    }, NOTICE_MS);
  }
}

/** Renders again whenever the data did change; answers with its version. */
export function useExternal(data: External): number {
  return useSyncExternalStore(data.subscribe, data.version, data.version);
}
