import { useState } from 'react';
import { flushSync } from 'react-dom';

/** Closes a dialog and gives the focus back to what opened it. */
export function useOpener(close: () => void): () => void {
  // Read before a field of the dialog takes the focus: Ant Design looks later, and knows no place to return to.
  const [opener] = useState(() => document.activeElement as HTMLElement | null);
  return () => {
    flushSync(close); // As long as it is there, the dialog takes the focus back.
    opener?.focus();
  };
}
