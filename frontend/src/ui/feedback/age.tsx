import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function relative(at: number, now: number, language: string): string {
  const seconds = Math.min(0, Math.round((at - now) / 1_000));
  const [unit, size] = UNITS.find(([, size]) => -seconds >= size) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

/** An age in the least room: 81d, 51m. */
export function shortAge(at: number, now: number, language: string): string {
  const seconds = Math.max(0, Math.floor((now - at) / 1_000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? (['second', 1] as const);
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow' });
  return format.format(Math.floor(seconds / size));
}

interface AgeProps {
  at: string | number;
  isShort?: boolean;
}

/** A time as its age, ticking; the exact time is in the title. */
export function Age({ at, isShort }: AgeProps) {
  const { i18n } = useTranslation();
  const moment = typeof at === 'number' ? at : Date.parse(at);
  const now = useNow(Date.now() - moment < 120_000 ? 1_000 : 30_000);
  const exact = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(
    moment,
  );
  return (
    <time dateTime={new Date(moment).toISOString()} title={exact}>
      {(isShort ? shortAge : relative)(moment, now, i18n.language)}
    </time>
  );
}
