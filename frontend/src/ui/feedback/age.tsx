import { useEffect, useState } from 'react';
import { useTimes } from './times';

export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

interface AgeProps {
  at: string | number;
  isShort?: boolean;
  /** Whether it is a time to come. */
  isAhead?: boolean;
}

/** A time as its age or how soon it comes, ticking, or as it is if the person wants that; the exact time is in the title. */
export function Age({ at, isShort, isAhead }: AgeProps) {
  const times = useTimes();
  const moment = typeof at === 'number' ? at : Date.parse(at);
  const now = useNow(Math.abs(Date.now() - moment) < 120_000 ? 1_000 : 30_000);
  const write = isShort ? times.brief : times.when;
  return (
    <time dateTime={new Date(moment).toISOString()} title={times.exact(moment)}>
      {(isAhead ? times.due : write)(moment, now)}
    </time>
  );
}
