import { useRef } from 'react';
import { useSelector } from 'react-redux';
import type { Positioned } from '@/graphql/live';
import { isAfter } from '@/graphql/position';
import { writtenPosition } from '@/graphql/written-slice';

/** Changes once the rows show what was requested last in this tab: that is not held back from whoever requested it. */
export function useOwnChange(window: Positioned | undefined): string {
  const written = useSelector(writtenPosition);
  const shown = useRef('');
  if (written && window && !isAfter(written, window.position)) shown.current = written;
  return shown.current;
}
