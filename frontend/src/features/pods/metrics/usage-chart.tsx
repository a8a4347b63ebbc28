import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTimes } from '@/ui/feedback/times';
import { palettes, useDark } from '@/ui/theme';
import type { Measure, PodName, Usage } from './usage';

// Distinct in both themes and for the common kinds of colour blindness; the table names the pods as well.
const strokes = ['#2f7fe0', '#d9730d', '#2f9e63', '#c0409a', '#8a63d2', '#a38100', '#0f9ba8', '#d6453d'];

const REQUEST_DASH = [6, 4];
const LIMIT_DASH = [2, 3];

/** At least this much time is shown: fewer samples begin at the right. */
const LEAST_SECONDS = 300;

export const strokeOf = (index: number) => strokes[index % strokes.length];

interface UsageChartProps {
  usage: Usage;
  version: number;
  /** Whose lines are drawn, in the order of their colours. */
  pods: readonly PodName[];
  /** Drawn across the chart; null where the pods differ, or have none. */
  request: number | null;
  limit: number | null;
  measure: Measure;
  scale: number;
  title: string;
}

export function UsageChart({ usage, version, pods, request, limit, measure, scale, title }: UsageChartProps) {
  const { t, i18n } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const dark = useDark();
  const { clock } = useTimes();
  const shown = JSON.stringify(pods);
  const data = useCallback((): uPlot.AlignedData => {
    const [times, ...series] = usage.columns(JSON.parse(shown) as PodName[], measure, scale);
    const across = [request, limit].map((value) => times.map(() => value && value / scale));
    return [times, ...across, ...series];
  }, [usage, shown, measure, scale, request, limit]);

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
          { stroke: quiet, width: 1, dash: REQUEST_DASH, points: { show: false } },
          { stroke: quiet, width: 2, dash: LIMIT_DASH, points: { show: false } },
          ...(JSON.parse(shown) as PodName[]).map(({ name }, index) => ({
            label: name,
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
      data(),
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
  }, [dark, clock, shown, data]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version is what says that the samples changed
  useEffect(() => {
    plot.current?.setData(data());
  }, [version, data]);

  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const words = (key: 'metrics.request' | 'metrics.limit', value: number | null) =>
    value === null ? null : `${t(key)} ${number.format(value / scale)}`;
  return (
    <figure className="panel figure">
      <figcaption>
        {title}
        <Mark dash={REQUEST_DASH} width={1} words={words('metrics.request', request)} />
        <Mark dash={LIMIT_DASH} width={2} words={words('metrics.limit', limit)} />
      </figcaption>
      <div ref={place} className="chart" aria-hidden="true" />
    </figure>
  );
}

/** Says which line across the chart is which; nothing where it is not drawn. */
function Mark({ dash, width, words }: { dash: number[]; width: number; words: string | null }) {
  if (words === null) return null;
  return (
    <span className="chart-mark quiet">
      <svg width="24" height="4" aria-hidden="true">
        <line
          x2="24"
          y1="2"
          y2="2"
          stroke="currentColor"
          strokeWidth={width}
          strokeDasharray={dash.join(' ')}
        />
      </svg>
      {words}
    </span>
  );
}
