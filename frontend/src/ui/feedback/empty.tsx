import type { ReactNode } from 'react';

interface EmptyProps {
  /** Why nothing is here. */
  text: string;
  /** What one can do about it. */
  children?: ReactNode;
}

/** Nothing here: why, and what one can do about it. */
export function Empty({ text, children }: EmptyProps) {
  return (
    <div className="empty" data-testid="empty">
      <p>
        <strong>{text}</strong>
      </p>
      {children}
    </div>
  );
}
