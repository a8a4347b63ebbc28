import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Times, useTimes } from '@/ui/feedback/times';
import type { Entry } from './log-buffer';

const LINE_PX = 18;

interface LogLinesProps {
  entries: readonly Entry[];
  follow: boolean;
  label: string;
}

export function LogLines({ entries, follow, label }: LogLinesProps) {
  const times = useTimes();
  const place = useRef<HTMLDivElement>(null);
  // The view follows the log only while it is scrolled to the end.
  const atEnd = useRef(true);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => place.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => entries[index]?.number ?? index,
    overscan: 20,
  });
  const last = entries.at(-1)?.number;

  useEffect(() => {
    if (follow && atEnd.current && last !== undefined)
      rows.scrollToIndex(entries.length - 1, { align: 'end' });
  }, [last, entries.length, follow, rows]);

  return (
    <section
      ref={place}
      className="log-lines"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
      tabIndex={0}
      data-testid="log-lines"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < LINE_PX * 2;
      }}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const entry = entries[index];
          return (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className="log-line"
              style={{ transform: `translateY(${start}px)` }}
            >
              {entry && <Content entry={entry} times={times} />}
            </div>
          );
        })}
      </div>
    </section>
  );
}

function Content({ entry, times }: { entry: Entry; times: Times }) {
  const { t } = useTranslation();
  if ('mark' in entry) return <em data-testid={`log-mark-${entry.mark}`}>{t(`logs.mark.${entry.mark}`)}</em>;
  const { time } = entry.line;
  return (
    <>
      {time && <time dateTime={time}>{times.preciseClock(Date.parse(time))}</time>}
      {entry.spans.map(({ text, style }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never change
        <span key={index} style={style}>
          {text}
        </span>
      ))}
    </>
  );
}
