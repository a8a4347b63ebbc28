import { type ReactNode, useState } from 'react';

interface FoldProps {
  title: string;
  'data-testid': string;
  children: () => ReactNode;
}

/** What is read only when somebody opens it. */
export function Fold({ title, children, ...rest }: FoldProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      className="fold"
      data-testid={rest['data-testid']}
      onToggle={(toggle) => setIsOpen(toggle.currentTarget.open)}
    >
      <summary>{title}</summary>
      {isOpen && children()}
    </details>
  );
}
