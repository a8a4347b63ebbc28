import { type ReactNode, useCallback, useState } from 'react';
import { useConnection } from '@/graphql/connection-slice';
import { useNow } from '@/ui/feedback/age';
import { OutageContext, type Report, type Waiting } from '@/ui/feedback/outage';
import { ProblemBox } from '@/ui/feedback/problem';

/** A shorter loss of the connection is said by the pill alone. */
const LOST_MS = 10_000;

const lostConnection: Waiting = { error: { code: 'UNAVAILABLE', message: '' } };
/** Requests may be answered nevertheless: some proxies let no socket through. */
const neverLive: Waiting = { error: { code: 'NOT_LIVE', message: '' } };

/** Says once for the whole page that the server does not answer, and tries again for all its parts. */
export function Outage({ children }: { children: ReactNode }) {
  const [parts, setParts] = useState<readonly Waiting[]>([]);
  const report = useCallback<Report>((part) => {
    setParts((others) => [...others, part]);
    return () => setParts((others) => others.filter((other) => other !== part));
  }, []);
  const { state, lostAt } = useConnection();
  const isLost = useNow() - (lostAt ?? Number.POSITIVE_INFINITY) > LOST_MS;
  // A part that fails while the connection is live says so itself.
  const isSaid = ({ error }: Waiting) => state !== 'live' || error.code === 'NO_ANSWER';
  const without = state === 'connecting' ? neverLive : lostConnection;
  const said = parts.find(isSaid) ?? (isLost ? without : null);
  const retry = () => {
    for (const part of parts) part.retry?.();
  };
  return (
    <OutageContext value={report}>
      {said && (
        <ProblemBox
          key={said.error.code}
          error={said.error}
          isAsked={parts.every(({ isAsked }) => isAsked)}
          retry={parts.length > 0 ? retry : undefined}
          since={lostAt ?? undefined}
          asOf={state === 'connecting' ? undefined : (lostAt ?? undefined)}
        />
      )}
      {children}
    </OutageContext>
  );
}
