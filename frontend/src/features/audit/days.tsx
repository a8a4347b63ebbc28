import type { AuditRowFragment } from '@/graphql/generated/graphql';
import type { RowsProps } from '@/resource/resource-list';
import { useHover } from '@/resource/use-hover';
import { useTimes } from '@/ui/feedback/times';
import { AuditEntry } from './entry';

/** The events of a window, under the day on which each was recorded. */
export function Days({ window, gone, onHover }: RowsProps<AuditRowFragment>) {
  const { day } = useTimes();
  const hover = useHover(onHover);
  return (
    <div className="panel flush" data-testid="audit-events" {...hover}>
      {daysOf(window.nodes, (event) => day(Date.parse(event.recordedAt))).map(([name, events]) => (
        <section key={`${name} ${events[0]?.position}`} aria-label={name}>
          <h2 className="audit-day">{name}</h2>
          <ol className="audit">
            {events.map((event) => (
              <AuditEntry key={event.position} event={event} isGone={gone.has(event.position)} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

/** Neighbours that share a day. */
export function daysOf<Event>(
  events: readonly Event[],
  dayOf: (event: Event) => string,
): [string, Event[]][] {
  const days: [string, Event[]][] = [];
  for (const event of events) {
    const day = dayOf(event);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(event);
    else days.push([day, [event]]);
  }
  return days;
}
