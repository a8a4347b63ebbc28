/** A choice that outlives the tab. Storage may be forbidden; then the choice lasts as long as the page. */
export function preference<Value extends string>(key: string, allowed: readonly Value[]) {
  const listeners = new Set<() => void>();
  let current: Value | null | undefined;

  const read = (): Value | null => {
    if (current !== undefined) return current;
    try {
      const stored = localStorage.getItem(key) as Value | null;
      current = stored && allowed.includes(stored) ? stored : null;
    } catch {
      current = null;
    }
    return current;
  };

  return {
    get: read,
    set(value: Value) {
      current = value;
      try {
        localStorage.setItem(key, value);
      } catch {
        // Kept in memory only.
      }
      for (const listener of listeners) listener();
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
