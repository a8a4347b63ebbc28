import { useMemo } from 'react';
import { usePrefer, usePreferred } from '@/ui/preferences/preferences-slice';
import { type Arrangement, AS_GIVEN, readArrangement } from './arrangement';

/** How a person arranged the columns of a list. */
export function useArrangement(list: string): [Arrangement, (next: Arrangement) => void] {
  const key = `columns.${list}`;
  const given = usePreferred(key);
  const prefer = usePrefer();
  const arrangement = useMemo(() => readArrangement(given), [given]);
  return [arrangement, (next) => prefer({ [key]: next === AS_GIVEN ? null : next })];
}
