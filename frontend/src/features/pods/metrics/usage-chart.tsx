import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTimes } from '@/ui/feedback/times';
import { palettes, useDark } from '@/ui/theme';
import type { Measure, Usage } from './usage';

// Distinct in both themes and for the common kinds of colour blindness; the table names the pods as well.
const strokes = ['#2f7fe0', '#d9730d', '#2f9e63', '#c0409a', '#8a63d2', '#a38100', '#0f9ba8', '#d6453d'];

/** At least this much time is shown: fewer samples begin at the right. */
const LEAST_SECONDS = 300;

export const strokeOf = (index: number) => strokes[index % strokes.length];

interface UsageChartProps {
  usage: Usage;
  version: number;
  measure: Measure;
  scale: number;
  title: string;
}

export function UsageChart({ usage, version, measure, scale, title }: UsageChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const dark = useDark();
  const { clock } = useTimes();
  const names = usage.podNames().join('\n');

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const { quiet, line } = palettes[dark ? 'dark' : 'light'];
    const axis = { stroke: quiet, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    const created = new uPlot(
      {
        width: element.clientWidth,
        height: 220,
        series: [
          {},
          ...names.split('\n').map((label, index) => ({
            label,
            stroke: strokeOf(index),
            width: 2,
            points: { show: true, size: 4 },
          })),
        ],
        axes: [
          {
            ...axis,
            values: (_plot, seconds) => seconds.map((second) => clock(second * 1_000)),
            space: 90,
            size: 34,
          },
          { ...axis, size: 60 },
        ],
        scales: {
          x: {
            range: (plot, first, last) => {
              // Around a single sample uPlot would show a whole day.
              const end = plot.data[0].length === 1 ? first : last;
              return [Math.min(first, end - LEAST_SECONDS), end];
            },
          },
          y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 1)] },
        },
        legend: { show: false },
        cursor: { sync: { key: 'usage' } },
      },
      usage.columns(measure, scale),
      element,
    );
    plot.current = created;
    const observer = new ResizeObserver(() => created.setSize({ width: element.clientWidth, height: 220 }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
      plot.current = null;
    };
  }, [dark, clock, names, usage, measure, scale]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version is what says that the samples changed
  useEffect(() => {
    plot.current?.setData(usage.columns(measure, scale));
  }, [version, usage, measure, scale]);

  return (
    <figure className="panel figure">
      <figcaption>{title}</figcaption>
      <div ref={place} className="chart" aria-hidden="true" />
    </figure>
  );
}
