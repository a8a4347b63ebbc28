import type { ReactNode } from 'react';
import type { GraphqlError } from '@/graphql/error';
import { Empty } from '@/ui/feedback/empty';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';

interface WindowRowsProps<Row> {
  rows: readonly Row[] | undefined;
  error: unknown;
  retry: () => void;
  /** When the rows were read, in milliseconds. */
  asOf?: number;
  /** How many lines the placeholder has. */
  height?: number;
  empty: ReactNode;
  children: (rows: readonly Row[]) => ReactNode;
}

/** The rows of a window, or why there are none. What was read before an error stays on the screen. */
export function WindowRows<Row>({
  rows,
  error,
  retry,
  asOf,
  height = 4,
  empty,
  children,
}: WindowRowsProps<Row>) {
  return (
    <>
      {error ? <Problem error={error as GraphqlError} retry={retry} asOf={rows && asOf} /> : null}
      {!rows && !error && <Loading lines={height} retry={retry} />}
      {rows?.length === 0 && (typeof empty === 'string' ? <Empty text={empty} /> : empty)}
      {rows && rows.length > 0 && children(rows)}
    </>
  );
}
