import type { ReactNode } from 'react';
import { useTitle } from './hooks/use-title';

/** The one heading of a page; it names the browser's tab as well. */
export function PageHead({
  title,
  beside,
  lead,
  children,
}: {
  title: string;
  /** On the line of the title. */
  beside?: ReactNode;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="page-head">
      <div className="grow">
        <div className="page-title">
          <h1>{title}</h1>
          {beside}
        </div>
        {lead}
      </div>
      <div className="page-actions">{children}</div>
    </div>
  );
}
