import { useEffect, useRef } from 'react';

/** The server records what belongs to a change soon after it, and several changes often come at once. */
const AFTER_CHANGE_MS = 1_000;
const EVERY_MS = 10_000;

/** Keeps what has no subscription up to date: reads it again after each change of `of`, and while the page is visible. */
export function useReread(read: () => void, of: unknown) {
  const newest = useRef(read);
  newest.current = read;
  const known = useRef(of);

  useEffect(() => {
    if (known.current === of) return;
    known.current = of;
    const timer = setTimeout(() => newest.current(), AFTER_CHANGE_MS);
    return () => clearTimeout(timer);
  }, [of]);

  useEffect(() => {
    const timer = setInterval(() => document.hidden || newest.current(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
}
