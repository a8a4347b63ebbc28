import { useState } from 'react';
import { forgetWithPerson } from '@/ui/hooks/on-device';

const WITHIN_MS = 1_000;
const KEPT = 50;

let backAt = Number.NEGATIVE_INFINITY;
const places = new Map<string, number>();
forgetWithPerson(() => places.clear());

if (typeof window !== 'undefined') {
  window.addEventListener('popstate', () => {
    backAt = performance.now();
  });
}

export function rememberScroll(list: string, top: number) {
  places.delete(list);
  places.set(list, top);
  const [oldest] = places.keys();
  if (places.size > KEPT && oldest !== undefined) places.delete(oldest);
}

/** The router may draw the page that is come back to in its own listener, before the one above has heard of it. */
function cameBack(): boolean {
  return window.event?.type === 'popstate' || performance.now() - backAt < WITHIN_MS;
}

/** Where a list was scrolled to, if the reader came back to it; a list that is opened anew begins at its top. */
export function useScrollOf(): (list: string) => number {
  const [isBack] = useState(cameBack);
  return (list) => (isBack ? (places.get(list) ?? 0) : 0);
}
