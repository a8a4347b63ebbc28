'use client';

import { useEffect, useState } from 'react';

const SHOWN_MS = 5_000;

/** A figure that is blue for a while after it changed on the screen. */
export function Changed({ figure }: { figure: number }) {
  const [known, setKnown] = useState(figure);
  const [isFresh, setIsFresh] = useState(false);
  if (known !== figure) {
    setKnown(figure);
    setIsFresh(true);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the figure starts the time anew
  useEffect(() => {
    if (!isFresh) return;
    const timer = setTimeout(() => setIsFresh(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isFresh, figure]);
  return <span className={isFresh ? 'changed-figure' : undefined}>{figure}</span>;
}
