import { useRef } from 'react';
import type { GraphqlError } from '@/graphql/error';
import { usePager } from './pager';
import type { Window, WindowArgs } from './window';

export interface QueryState<Row> {
  data?: Window<Row>;
  currentData?: Window<Row>;
  error?: unknown;
  refetch: () => unknown;
  isFetching: boolean;
  fulfilledTimeStamp?: number;
}

/** A list, window by window: the rows that are shown, whether they are up to date, and the way to the next window. */
export function useLiveWindow<Args extends WindowArgs, Row>(
  useQuery: (args: Args) => QueryState<Row>,
  args: Args,
) {
  const parameters = JSON.stringify(args);
  const pager = usePager(parameters);
  const { data, currentData, error, refetch, isFetching, fulfilledTimeStamp } = useQuery({
    ...args,
    after: pager.after,
  });
  // While another window is read, the one before stays on the screen.
  const window = currentData ?? data;
  const of = useRef('');
  if (currentData) of.current = `${parameters} ${pager.after ?? ''}`;
  return {
    window,
    /** Whether it is the window that is asked for, not the one before. */
    isCurrent: currentData !== undefined,
    /** Names the list and the page that the rows are of. */
    of: of.current,
    error: error as GraphqlError | undefined,
    refetch,
    isFetching,
    asOf: window && fulfilledTimeStamp,
    pager,
  };
}
