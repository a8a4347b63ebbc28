import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Line } from './log-buffer';

const LINE_PX = 18;

export function LogLines({
  lines,
  follow,
  label,
}: {
  lines: readonly Line[];
  follow: boolean;
  label: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  // The view follows the log only while it is scrolled to the end.
  const atEnd = useRef(true);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => place.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => lines[index]?.number ?? index,
    overscan: 20,
  });
  const last = lines.at(-1)?.number;

  useEffect(() => {
    if (follow && atEnd.current && last !== undefined) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [last, lines.length, follow, rows]);

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
          const line = lines[index];
          return (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className="log-line"
              style={{ transform: `translateY(${start}px)` }}
            >
              {line?.time && <time dateTime={line.time}>{line.time.slice(11, 23)}</time>}
              {line?.line}
            </div>
          );
        })}
      </div>
    </section>
  );
}
