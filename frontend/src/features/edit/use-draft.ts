import { useCallback, useEffect, useRef, useState } from 'react';
import { type Draft, dropDraft, keepDraft } from './drafts';

const PAUSE_MS = 500;

type Kept = 'kept' | 'notKept' | null;

interface UseDraft {
  of: string;
  text: string;
  base: Draft['base'];
  isChanged: boolean;
  operation: string | null;
}

/** Keeps what is written on this device, so that it survives a reload. A text that is as it was leaves no draft. */
export function useDraft({ of, text, base, isChanged, operation }: UseDraft) {
  const [state, setState] = useState<{ kept: Kept; at: number }>({ kept: null, at: 0 });
  const isOver = useRef(false);
  const write = useRef(() => {});
  write.current = () => {
    if (isOver.current) return;
    const at = Date.now();
    if (!isChanged) dropDraft(of);
    const kept = isChanged && (keepDraft({ of, text, base, at, operation }) ? 'kept' : 'notKept');
    setState({ kept: kept || null, at });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them makes another draft.
  useEffect(() => {
    const timer = setTimeout(() => write.current(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [of, text, base, isChanged, operation]);

  useEffect(() => {
    const leave = () => write.current();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, []);

  /** It was applied, or given up: nothing of it is kept from now on. */
  const drop = useCallback(() => {
    isOver.current = true;
    dropDraft(of);
  }, [of]);

  return { ...state, drop };
}
