import type { ReactNode } from 'react';
import { useTitle } from './hooks/use-title';

/** The one heading of a page; it names the browser's tab as well. */
export function PageHead({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="page-head">
      <div className="grow">
        <h1>{title}</h1>
        {lead}
      </div>
      <div className="page-actions">{children}</div>
    </div>
  );
}
