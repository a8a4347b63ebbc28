import type { ReactNode } from 'react';

/** Nothing here, and what one can do about it. */
export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="empty" data-testid="empty">
      <p>{text}</p>
      {children}
    </div>
  );
}
