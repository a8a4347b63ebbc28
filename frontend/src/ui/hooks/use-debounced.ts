import { useEffect, useState } from 'react';

const PAUSE_MS = 250;

/** The value once it has not changed for a moment. The first one, and that there is none, hold at once. */
export function useDebounced<Value>(value: Value | null): Value | null {
  const [settled, setSettled] = useState(value);
  if (settled !== value && (settled === null || value === null)) setSettled(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
