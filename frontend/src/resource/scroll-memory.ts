import { useState } from 'react';

const WITHIN_MS = 3_000;
const KEPT = 50;

let backAt = Number.NEGATIVE_INFINITY;
const places = new Map<string, number>();

if (typeof window !== 'undefined') {
  // Before the router draws the page that is come back to.
  const goneBack = () => {
    backAt = performance.now();
  };
  window.addEventListener('popstate', goneBack, { capture: true });
}

export function rememberScroll(list: string, top: number) {
  places.delete(list);
  places.set(list, top);
  const [oldest] = places.keys();
  if (places.size > KEPT && oldest !== undefined) places.delete(oldest);
}

/** Where a list was scrolled to, if the reader came back to it; a list that is opened anew begins at its top. */
export function useScrollOf(): (list: string) => number {
  const [isBack] = useState(() => performance.now() - backAt < WITHIN_MS);
  return (list) => (isBack ? (places.get(list) ?? 0) : 0);
}
